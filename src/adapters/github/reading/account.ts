import { z } from "zod";
import { UNKNOWN_ACTOR } from "../../../core/repo.ts";

/** An account in an answer; GitHub types more kinds than it has. */
export const Account = z.object({
  id: z.coerce.number(),
  login: z.string(),
  type: z.enum(["User", "Bot", "Organization", "Mannequin"]).catch("Bot"),
});

/** A deleted account comes as null; a mannequin is the kind of account that can never have acted. */
export const AccountOrGhost = Account.catch({ ...UNKNOWN_ACTOR });
