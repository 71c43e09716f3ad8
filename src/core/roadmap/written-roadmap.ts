import { z } from "zod";
import { acceptance, glob, name, path, workflow } from "../config/written-fields.ts";
import { phases, priorities, roadmapStatuses } from "./roadmap.ts";

const ID_PHRASE = "must consist of letters, digits, dots, - and _, at most 64, such as T-MLR-1.2";
const DATE_PHRASE = "must be a date such as 2026-09-30";
const SECRET_PHRASE = "must be the name of a secret such as PARTNER_KEY, never its value";

const id = z.string({ error: ID_PHRASE }).regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, { error: ID_PHRASE });
const title = z.string().min(1).max(255);
const note = z.string().min(1).max(500);
const notes = z.array(note).max(100).default([]);
const secret = z
  .string({ error: SECRET_PHRASE })
  .regex(/^(?!GITHUB_)[A-Za-z_][A-Za-z0-9_]{0,99}$/i, { error: SECRET_PHRASE });

const epic = z.strictObject({
  id: id.describe("Id that tasks refer to."),
  title: title.describe("What it is about."),
});

const milestone = z.strictObject({
  id: id.describe("Id that tasks refer to."),
  title: title.describe("What is reached with it."),
  day: z.int().min(0).max(100_000).optional().describe("Day of the programme, counted from its start."),
  date: z.iso.date({ error: DATE_PHRASE }).optional().describe("Date it is due."),
});

const requires = z.strictObject({
  paths: z
    .array(path)
    .max(100)
    .default([])
    .describe("Files and folders that must exist on the default branch."),
  workflows: z.array(workflow).max(50).default([]).describe("Workflows that must exist there."),
  inputs: notes.describe("What else must be provided, such as a variable. Shown, not checked."),
  secrets: z
    .array(secret)
    .max(50)
    .default([])
    .describe("Names of secrets that its workflows use. Shown, not checked: the app may not list secrets."),
});

const roadmapAcceptance = z.strictObject({
  metrics: z
    .array(acceptance)
    .max(50)
    .default([])
    .describe(
      "What the metrics in the result of the last stage must reach; one that is missing needs a person.",
    ),
  artifacts: notes.describe("Names of artifacts that the last stage must upload and its result name."),
});

const task = z.strictObject({
  id: id.describe("Id of the task; an issue whose title begins with it is this task."),
  title: title.describe("What is to be done."),
  status: z.enum(roadmapStatuses).default("todo").describe("How far it is."),
  kind: name.optional().describe("Kind of the task, from `kinds` of the configuration."),
  phase: z.enum(phases).optional().describe("Phase of the life cycle it belongs to."),
  priority: z.enum(priorities).default("p2").describe("Urgency; `p0` is the most urgent."),
  revenue: z.boolean().default(false).describe("Whether revenue depends on it directly."),
  epic: id.optional().describe("Id of the epic it belongs to."),
  milestone: id.optional().describe("Id of the milestone it is due for."),
  dependsOn: z
    .array(id)
    .max(100)
    .default([])
    .describe("Ids of the tasks that must be done before it starts."),
  paths: z
    .array(glob)
    .max(50)
    .default([])
    .describe("Globs of what it works on. Tasks that touch the same paths wait for each other."),
  requires: requires.prefault({}).describe("What must exist before it starts."),
  acceptance: roadmapAcceptance
    .optional()
    .describe("What proves that it is done; work that does not reach it fails its attempt."),
  owner: note.optional().describe("Role or person who does it."),
  supporting: notes.describe("Roles or persons who help."),
  deliverables: notes.describe("What it leaves behind."),
  evidence: notes.describe("Links that prove it, once it is done."),
  designReview: path
    .optional()
    .describe("File with its design; work starts when it is merged on the default branch."),
});

/** What people write in the roadmap file. */
export const writtenRoadmap = z.strictObject({
  version: z.literal(1).describe("Version of this format."),
  epics: z.array(epic).default([]).describe("Large themes that tasks belong to."),
  milestones: z.array(milestone).default([]).describe("Points in time that tasks are due for."),
  tasks: z.array(task).default([]).describe("The tasks, in any order."),
});

export type WrittenRoadmap = z.output<typeof writtenRoadmap>;
