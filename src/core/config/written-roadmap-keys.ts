import { z } from "zod";
import { path } from "./written-fields.ts";

/** How the roadmap becomes issues. */
export const roadmapIssues = z.strictObject({
  open: z
    .int()
    .min(0)
    .max(100)
    .default(3)
    .describe(
      "How many of them may be open at once. From `suggest` on an issue is opened, from `draft-pr` on its work starts. `0` opens none.",
    ),
});

/** How what was done comes back into the roadmap. */
export const roadmapUpdates = z.strictObject({
  pullRequest: z
    .boolean()
    .default(true)
    .describe("Whether there is one, from `draft-pr` on. At most one is open; people merge it."),
  context: path
    .regex(/\.(?:md|markdown|txt)$/, { error: "must be a .md, .markdown or .txt file" })
    .optional()
    .describe("File to which the same pull request appends a section for each milestone that is reached."),
});
