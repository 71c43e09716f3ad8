import { z } from "zod";
import { Actor } from "../repo.ts";

/** A person's word that one commit may be merged; it says nothing of any other commit. */
export const Approval = z.object({ sha: z.string(), by: Actor, at: z.number() }).readonly();
export type Approval = z.infer<typeof Approval>;

/** A person's decision to set one gate aside for one commit, with the reason that was given. */
export const Override = z
  .object({ gate: z.string(), sha: z.string(), by: Actor, at: z.number(), reason: z.string() })
  .readonly();
export type Override = z.infer<typeof Override>;
