import { commandHelp, commandList } from "../../messages/commands/help.ts";
import { duration } from "../../messages/text.ts";
import { told } from "../answers.ts";
import { type CommandRow, TAKES_NOTHING } from "../command-row.ts";

export const helpCommand: CommandRow = {
  verb: "help",
  aliases: ["commands"],
  group: "Administration",
  permission: "read",
  mutates: false,
  takes: {
    ...TAKES_NOTHING,
    word: {
      name: "command",
      isRequired: false,
      pattern: /^[a-z-]{1,30}$/u,
      expected: "the name of a command",
    },
  },
  summary: "Lists the commands, or explains one.",
  details:
    "Commands that need more permission than you have are listed apart, with the level that they need.",
  examples: [
    { line: "/orchestrate help", does: "lists every command" },
    { line: "/orchestrate help retry", does: "explains `retry`" },
  ],
  plan({ word, rows, origin }) {
    const row = rows.find((known) => known.verb === word || (word !== null && known.aliases.includes(word)));
    if (row !== undefined) return told(commandHelp(row));
    return told(commandList({ rows, permission: origin.permission, unknown: word }));
  },
};

export const pingCommand: CommandRow = {
  verb: "ping",
  aliases: [],
  group: "Administration",
  permission: "read",
  mutates: false,
  takes: TAKES_NOTHING,
  summary: "Answers, so that you see that somebody listens.",
  details: "The answer says how long the comment was under way.",
  examples: [{ line: "/orchestrate ping", does: "answers `pong`" }],
  plan: ({ draft, origin }) =>
    told(`pong. Your comment was read ${duration(draft.now - origin.createdAt)} after you wrote it.`),
};
