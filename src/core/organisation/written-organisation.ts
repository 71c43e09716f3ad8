import { z } from "zod";
import { autonomies } from "../autonomy/autonomy.ts";
import { glob, name } from "../config/written-fields.ts";
import { ceiling, window } from "../config/written-safety.ts";

const limit = (meaning: string) => z.number().min(0).optional().describe(meaning);
const count = (most: number, meaning: string) => z.int().min(1).max(most).optional().describe(meaning);
/** What could match no name would be a floor that nobody stands on. */
const repositoryName = glob.refine((text) => !/[\s/]/u.test(text), {
  error: "must be the name of a repository without its owner, such as payments-*",
});
const globs = (meaning: string) => z.array(glob).max(200).default([]).describe(meaning);
/** A demand is made or left out; `false` would look as if it permitted something. */
const demand = (meaning: string) => z.literal(true).optional().describe(meaning);

const limits = z.strictObject({
  running: count(100, "Tasks that may run at the same time in a repository, at most."),
  perTeam: z
    .record(name, z.int().min(0).max(100))
    .default({})
    .describe("The same per team. A team that is not named here is limited by `running` only."),
  openPulls: count(1_000, "Pull requests of tasks that may be open in a repository, at most."),
  minutesPerWeek: limit("Minutes of runs per week and repository, at most."),
  usdPerWeek: limit("US dollars that runs may report per week and repository, at most."),
  minutesPerTask: limit("Minutes of runs that one task may take, at most."),
  usdPerTask: limit("US dollars that runs of one task may report, at most."),
});

const people = z.strictObject({
  verify: demand("People's own pull requests get a verdict."),
  approvals: z
    .int()
    .min(1)
    .max(10)
    .optional()
    .describe("People other than the author who have to approve the head, at least. Includes `verify`."),
  linkedIssue: demand("Their text has to close an issue of the repository. Includes `verify`."),
});

const gates = z.strictObject({
  paths: z
    .strictObject({ protect: globs("Files that only people change, beside those of the repository.") })
    .prefault({})
    .describe("Files of the pull request."),
  size: z
    .strictObject({
      files: count(3_000, "Changed files, at most."),
      lines: count(1_000_000, "Added and removed lines, at most."),
    })
    .prefault({})
    .describe("Size of the pull request."),
  assertions: demand("Removing assertions or skipping tests fails the gate."),
  approvals: count(
    10,
    "Approving reviews that a merge needs, at least. No repository merges without them, so the autonomy is `merge-with-approval` at most.",
  ),
  people: people.prefault({}).describe("What people's own pull requests must fulfil."),
  owners: demand("The owners that `CODEOWNERS` of the base names have to approve the head."),
  integrity: z
    .strictObject({
      enabled: demand("A change of what proves the work needs a person."),
      evaluation: globs(
        "Scripts and data that metrics come from, beside those of the repository. Includes `enabled`.",
      ),
    })
    .prefault({})
    .describe("Changes of what proves the work."),
  evidence: z
    .strictObject({
      artifacts: z
        .array(z.string().min(1).max(255))
        .max(50)
        .default([])
        .describe("Artifacts that the last run must have left, beside those of the repository."),
    })
    .prefault({})
    .describe("Evidence that a task must bring."),
});

const floor = {
  mode: z
    .literal("shadow")
    .optional()
    .describe("Nothing is done in any repository: everything is decided, recorded and shown."),
  autonomy: z.enum(autonomies).optional().describe("How far work may go without a person, at most."),
  limits: limits.prefault({}).describe("How much may happen at once and per week, in each repository."),
  ceilings: z
    .array(ceiling)
    .max(50)
    .default([])
    .describe("Lower autonomy for parts of the tree, beside those of the repository."),
  windows: z
    .array(window)
    .max(20)
    .default([])
    .describe("Times in which nothing is started or merged, beside those of the repository."),
  gates: gates.prefault({}).describe("What pull requests must fulfil at least."),
};

const strictness = z.strictObject(floor);

/** What people write in `.github/orchestrator-organisation.yml` of the owner's repository `.github`. */
export const writtenOrganisation = z.strictObject({
  version: z.literal(1).describe("Version of this format."),
  ...floor,
  governed: z
    .array(repositoryName)
    .max(200)
    .default([])
    .describe(
      "Names of governed repositories, such as `payments-*`: a maintainer lets each task start, and no text of theirs is shown anywhere else.",
    ),
  repositories: z
    .record(repositoryName, strictness)
    .default({})
    .describe(
      "More for some repositories, by their names, such as `payments-*`: the same keys as above but `version` and `governed`. All that match count, and the whole file's values too.",
    ),
});

export type WrittenOrganisation = z.output<typeof writtenOrganisation>;
export type WrittenFloor = z.output<typeof strictness>;
