import type { WorkerResult } from "../../evidence/worker-result.ts";
import { code, inline } from "../../messages/text.ts";
import { type Reason, reason } from "../../reasons.ts";

type Missing = NonNullable<WorkerResult["missing"]>[number];

/** How each sort of thing is asked for. */
const ROWS: Readonly<Record<Missing["what"], (name: string) => string>> = {
  information: (name) => `Information is missing: ${inline(name)}.`,
  decision: (name) => `Somebody has to decide: ${inline(name)}.`,
  path: (name) => `Path ${code(name)} is missing on the default branch.`,
  input: (name) => `Input ${code(name)} is missing.`,
  secret: (name) => `Secret ${code(name)} is missing.`,
  access: (name) => `Access is missing: ${inline(name)}.`,
};

/** One reason for each thing that the worker names. */
export function explainMissing(missing: readonly Missing[]): readonly Reason[] {
  return missing.map(({ what, name }) => reason("worker.needs-info", ROWS[what](name)));
}
