import { z } from "zod";
import { Actor } from "../repo.ts";

/** The branch that the commit was to be merged into: into another one, it is another change. Absent where that is not known. */
const Base = z.string().exactOptional();

/** A person's word that one commit may be merged; it says nothing of any other commit. */
export const Approval = z.object({ sha: z.string(), by: Actor, at: z.number(), base: Base }).readonly();
export type Approval = z.infer<typeof Approval>;

/** A person's decision to set one gate aside for one commit, with the reason that was given. */
export const Override = z
  .object({ gate: z.string(), sha: z.string(), by: Actor, at: z.number(), reason: z.string(), base: Base })
  .readonly();
export type Override = z.infer<typeof Override>;
