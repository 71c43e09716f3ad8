import { z } from "zod";
import { autonomies } from "../autonomy/autonomy.ts";
import { roleDefaults } from "./built-in-roles.ts";
import { branch, duration, name, workflow } from "./written-fields.ts";

const autonomy = z.enum(autonomies);

export const limits = z.strictObject({
  running: z.int().min(1).max(100).default(4).describe("How many tasks may run at the same time."),
  perTeam: z
    .record(name, z.int().min(0).max(100))
    .default({})
    .describe("The same per team. A team that is not named here is limited by `running` only."),
  openPulls: z
    .int()
    .min(1)
    .max(1_000)
    .default(8)
    .describe("No task that would open a pull request starts while this many of ours are open."),
  minutesPerWeek: z.number().min(0).optional().describe("Minutes of runs per week. Without it, no limit."),
  usdPerWeek: z
    .number()
    .min(0)
    .optional()
    .describe(
      "US dollars that runs may report per week. While a run's price is not known, no other one starts. Without it, no limit.",
    ),
  minutesPerTask: z
    .number()
    .min(0)
    .optional()
    .describe("Minutes of runs that one task may take; then a person is asked. Without it, no limit."),
  usdPerTask: z
    .number()
    .min(0)
    .optional()
    .describe("US dollars that runs of one task may report; then a person is asked. Without it, no limit."),
});

export const knowledge = z.strictObject({
  brief: z
    .boolean()
    .default(true)
    .describe(
      "Whether a task is told what earlier tasks of this repository learned, at most five things. `/orchestrate knowledge` lists them.",
    ),
});

export const role = z.strictObject({
  team: name
    .optional()
    .describe("Team the role counts for in `limits.perTeam`. Needed for a role of your own."),
  workflow: workflow
    .optional()
    .describe("Workflow that does the role's work. Built-in roles have `agent.yml`, others none."),
  backup: z
    .union([name, z.literal(false)], { error: "must be the name of a role, or false for none" })
    .optional()
    .describe(
      "Role that takes over while this one's breaker is open or its week is spent or set aside, where its workflow is another one. Built-in roles have one; `false` for none.",
    ),
  provider: name
    .optional()
    .describe(
      "Whose model does the role's work, in a word of your own. Roles with the same word rest together when it is in trouble. Without it, each by itself.",
    ),
  branch: branch
    .optional()
    .describe(
      `Prefix of the branches of the role's pull requests. Roles of your own have \`${roleDefaults.branch}\`.`,
    ),
  attempts: z
    .int()
    .min(1)
    .max(50)
    .default(roleDefaults.attempts)
    .describe("How often a stage may fail by its own fault before the task is given up."),
  timeout: duration.default(roleDefaults.timeout).describe("How long one attempt may take."),
  autonomy: autonomy
    .optional()
    .describe(
      "A lower ceiling for this role. Without it, that of the file counts; it can never be above that.",
    ),
  minutesPerWeek: z
    .number()
    .min(0)
    .optional()
    .describe("Minutes of runs that the role may take per week. Without it, no limit of its own."),
  usdPerWeek: z
    .number()
    .min(0)
    .optional()
    .describe("US dollars that its runs may report per week. Without it, no limit of its own."),
});
