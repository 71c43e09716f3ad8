import { z } from "zod";

const ENTRY = /^[a-z0-9](?:[a-z0-9-]{0,38}|[a-z0-9_-]{0,98})(?:\/[a-z0-9._-]{1,100})?$/;
/** Whoever writes one of these means everything or nothing, and would get an account of that name. */
const SWITCHES: ReadonlySet<string> = new Set(["true", "false", "yes", "no", "on", "off", "none", "0", "1"]);

/** `STOP`: `all`, or accounts and repositories, in lower case. A word that is neither must not pass for a stop. */
export const StopVariable = z
  .string()
  .transform((text) => text.split(",").map((entry) => entry.trim().toLowerCase()))
  .refine((entries) => entries.every((entry) => ENTRY.test(entry) && !SWITCHES.has(entry)), {
    error:
      "must be all, or accounts and repositories separated by commas, such as acme,octo/shop, or be left out",
  });
