import { z } from "zod";
import { autonomies } from "../autonomy/autonomy.ts";
import { NEEDS } from "./config.ts";
import { acceptance, duration, glob, inputs, metricGate, name, path, workflow } from "./written-fields.ts";
import { coverage, findings, reports, tests } from "./written-reports.ts";
import { roadmapIssues, roadmapUpdates } from "./written-roadmap-keys.ts";
import { breaker, ceiling, critics, cron, integrity, people, timezone, window } from "./written-safety.ts";
import { knowledge, limits, role } from "./written-work.ts";

const autonomy = z.enum(autonomies);
const label = z.string().min(1).max(50);
const title = z.string().min(1).max(255);

/** Patterns of files that steer people, agents or builds; work may touch them only where this list says less. */
export const protectedByDefault = [
  ".github/**",
  "CODEOWNERS",
  "**/CODEOWNERS",
  ".mcp.json",
  "CLAUDE.md",
  "AGENTS.md",
  "**/package-lock.json",
  "**/yarn.lock",
  "**/pnpm-lock.yaml",
];

const stage = z.strictObject({
  name: name.describe("Name of the stage, unique within its kind."),
  workflow: workflow.describe("Workflow that is dispatched."),
  inputs: inputs
    .default({})
    .describe("Inputs of the workflow. A list holds one value per attempt, and its last value repeats."),
  accept: z
    .array(acceptance)
    .max(50)
    .default([])
    .describe("What the metrics of the result must reach. All of it must hold."),
  timeout: duration.optional().describe("How long one attempt may take. Without it, the role's `timeout`."),
});

const kind = z.strictObject({
  match: z
    .strictObject({
      labels: z
        .array(label)
        .min(1)
        .max(20)
        .describe("An issue is of this kind if it has all of these labels."),
    })
    .optional()
    .describe(
      "Which issues are of this kind; the first kind that matches counts. Without it, the label of its name.",
    ),
  role: name
    .optional()
    .describe("Role that does the work. Without it, the role of the same name as the kind."),
  documentation: z
    .boolean()
    .default(false)
    .describe("Whether its tasks ask for documents. Without, a change of documents alone is no answer."),
  paths: z
    .array(glob)
    .max(50)
    .default([])
    .describe(
      "What its tasks work on, where neither the issue nor the roadmap says more. Tasks that touch the same paths wait for each other; those of which nothing is known wait for none.",
    ),
  needs: z
    .array(z.enum(NEEDS))
    .max(NEEDS.length)
    .default([])
    .describe(
      "What an issue must say before work on it starts: a `description`, criteria of `acceptance`, the `paths` that it is about. Without it, nothing.",
    ),
  stages: z
    .array(stage)
    .min(1)
    .max(20)
    .optional()
    .describe("Stages in their order. Without it, one stage `change` that runs the workflow of the role."),
});

const gates = z.strictObject({
  checks: z
    .strictObject({
      required: z
        .array(title)
        .max(100)
        .default([])
        .describe(
          "Checks that must be green on the head. An empty list means every check there is; what begins late or not at all, as with `[skip ci]`, is then not missed.",
        ),
    })
    .prefault({})
    .describe("Checks of the pull request."),
  paths: z
    .strictObject({
      allow: z
        .array(glob)
        .max(200)
        .default([])
        .describe("Files that work may touch. An empty list means every file that is not protected."),
      protect: z
        .array(glob)
        .max(200)
        .default(protectedByDefault)
        .describe("Files that only people change. A list of your own replaces the default."),
    })
    .prefault({})
    .describe("Files of the pull request."),
  size: z
    .strictObject({
      files: z.int().min(1).max(3_000).default(100).describe("Changed files at most."),
      lines: z.int().min(1).max(1_000_000).default(2_000).describe("Added and removed lines at most."),
    })
    .prefault({})
    .describe("Size of the pull request."),
  assertions: z
    .boolean()
    .default(true)
    .describe("Whether removing assertions or skipping tests fails the gate."),
  approvals: z
    .int()
    .min(1)
    .max(10)
    .default(1)
    .describe("Approving reviews that a merge needs where the autonomy is `merge-with-approval`."),
  people: people
    .prefault({})
    .describe("What people's own pull requests must fulfil beside the gates of all."),
  owners: z
    .boolean()
    .default(false)
    .describe(
      "Whether the owners that `CODEOWNERS` of the base names have to approve exactly the head commit.",
    ),
  integrity: integrity.prefault({}).describe("Changes of what proves the work."),
  metrics: z
    .array(metricGate)
    .max(50)
    .default([])
    .describe("Metrics of the head, held against bounds and against the base."),
  evidence: z
    .strictObject({
      artifacts: z.array(title).max(50).default([]).describe("Artifacts that the last run must have left."),
    })
    .prefault({})
    .describe("Evidence that a task must bring."),
  reports: reports
    .optional()
    .describe("Reports of the head, held against those of its base. Without it, no report is judged."),
  tests: tests
    .optional()
    .describe("Judges the test reports. Without it, those that are listed are judged by the defaults."),
  findings: findings
    .optional()
    .describe(
      "Judges reports of linters and scanners. Without it, those that are listed are judged by the defaults.",
    ),
  coverage: coverage
    .optional()
    .describe("Judges the coverage report. Without it, one that is listed must not lose lines."),
});

const weekly = z.strictObject({
  issue: z.int().min(1).describe("Number of the issue that the report is written to."),
  cron: cron
    .default("0 9 * * 1")
    .describe(
      "When it is written: minute, hour, day of the month, month, day of the week. It tells of the ISO week before, which goes by UTC: where that is not over yet, as on Monday mornings east of UTC, it comes when it is.",
    ),
  timezone: timezone.default("UTC").describe("Time zone of `cron`."),
});

/** What people write in `.github/orchestrator.yml`; every key carries the sentence that documents it. */
export const writtenConfig = z.strictObject({
  version: z.literal(1).describe("Version of this format."),
  mode: z
    .enum(["active", "shadow"])
    .default("shadow")
    .describe("`shadow` decides, records and shows, but does nothing; `active` acts."),
  autonomy: autonomy
    .default("draft-pr")
    .describe("How far work may go without a person, from least to most. The ceiling for every role."),
  governed: z
    .boolean()
    .default(false)
    .describe(
      "Whether a maintainer lets each task start with `/orchestrate allow`, nothing is merged without an approval, and no text of the repository is shown anywhere else.",
    ),
  label: label.default("autopilot").describe("Label that hands an issue over."),
  limits: limits.prefault({}).describe("How much may happen at once and per week."),
  roles: z
    .record(name, role)
    .default({})
    .describe("Who does the work. What is written here adds to the built-in roles."),
  kinds: z.record(name, kind).default({}).describe("Sorts of tasks, and the stages that each goes through."),
  gates: gates.prefault({}).describe("What a pull request must fulfil."),
  ceilings: z
    .array(ceiling)
    .max(50)
    .default([])
    .describe("Lower autonomy for parts of the tree. Of those that match, the lowest counts."),
  windows: z.array(window).max(20).default([]).describe("Times in which nothing is started or merged."),
  critics: critics
    .optional()
    .describe(
      "Looks at the default branch after a merge; what it refuses is reverted. Without it, nothing does.",
    ),
  breaker: breaker
    .prefault({})
    .describe("When a workflow is given a rest because it keeps failing by itself."),
  knowledge: knowledge.prefault({}).describe("What tasks learn for those after them."),
  reports: z
    .strictObject({ weekly: weekly.optional().describe("The weekly report. Without it, none is written.") })
    .prefault({})
    .describe("Reports that are written regularly."),
  roadmap: path
    .regex(/\.ya?ml$/, { error: "must be a .yml or .yaml file" })
    .optional()
    .describe("Path of the roadmap. Without it, tasks come from issues only."),
  roadmapIssues: roadmapIssues.prefault({}).describe("Issues that the app opens for the roadmap by itself."),
  roadmapUpdates: roadmapUpdates
    .prefault({})
    .describe("The pull request that writes progress back into the roadmap."),
  allowedBots: z
    .array(z.int().min(1))
    .max(50)
    .default([])
    .describe("Account ids of bots whose labels and comments count like a person's."),
});

export type WrittenConfig = z.output<typeof writtenConfig>;
