import { configCheckMessage } from "../../messages/commands/config-check.ts";
import { explainConfigMessage } from "../../messages/commands/explain-config.ts";
import { misread, told } from "../answers.ts";
import { type CommandRow, TAKES_NOTHING } from "../command-row.ts";

export const checkConfigCommand: CommandRow = {
  verb: "check-config",
  aliases: ["validate"],
  group: "Administration",
  permission: "read",
  mutates: false,
  takes: TAKES_NOTHING,
  summary: "Lists every error and warning of the configuration.",
  details: "It looks at the default branch, at the roadmap too, and at the workflows that the kinds need.",
  examples: [{ line: "/orchestrate check-config", does: "checks `.github/orchestrator.yml`" }],
  plan({ draft }) {
    const { text, isValid } = configCheckMessage(draft.view);
    return isValid ? told(text) : misread(text);
  },
};

export const explainConfigCommand: CommandRow = {
  verb: "explain-config",
  aliases: ["config"],
  group: "Administration",
  permission: "read",
  mutates: false,
  takes: TAKES_NOTHING,
  summary: "Shows the configuration in force and where each value comes from.",
  details: "A value that no line of the file sets is a default.",
  examples: [{ line: "/orchestrate explain-config", does: "shows every value in force" }],
  plan: ({ draft }) => told(explainConfigMessage(draft.view)),
};
