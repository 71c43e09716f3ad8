import { z } from "zod";

/** A command that takes others back, as it was given. */
export const LastWord = z.object({
  verb: z.string(),
  /** Number of the task's issue or of the pull request; null for the repository. */
  about: z.number().nullable(),
  /** Account and login of whoever said it. */
  by: z.number(),
  login: z.string(),
  commentId: z.number(),
  at: z.number(),
});
export type LastWord = z.infer<typeof LastWord>;
