import type { Event } from "../core/events.ts";
import { readWorkerResult } from "../core/evidence/worker-result.ts";
import type { ResultFile } from "../core/facts.ts";
import { isOfCritics } from "../core/plan/critics/critics-stage.ts";
import { FIRST_STEP_MS } from "../core/plan/deadlines.ts";
import type { Gathered } from "../core/plan/gathered.ts";
import type { Attempt } from "../core/task/attempt.ts";
import type { Readers } from "./readers.ts";

interface Asking {
  readonly event: Event;
  readonly readers: Readers;
}

/** A run as it is now; of one that has ended, what it left. */
export async function readRunById({ event, readers }: Asking, runId: number): Promise<Gathered> {
  const run = (await readers.runs.run(event.repo, runId)) ?? null;
  if (run === null || run.status !== "completed") return { run };
  const result = await readers.runs.resultFile(event.repo, runId);
  return { run, result, ...(await readEvidence({ event, readers }, result)) };
}

/** A run whose deadline has passed: that it works says little, as long as none of its steps has begun. */
export async function watchRun(
  { event, readers, now }: Asking & { readonly now: number },
  attempt: Attempt & { readonly runId: number },
): Promise<Gathered> {
  const { runId, dispatchedAt, hasBegun } = attempt;
  const read = await readRunById({ event, readers }, runId);
  // Of the critics only their end is told.
  const isFollowed = hasBegun !== true && !isOfCritics(attempt);
  const isOverdue = isFollowed && now >= dispatchedAt + FIRST_STEP_MS;
  if (read.run?.status !== "in_progress" || !isOverdue) return read;
  return { ...read, hasBegun: await readers.runs.hasBegun(event.repo, runId) };
}

/** Whether the files are there that a result names instead of changes; nothing of the result is believed by that. */
async function readEvidence(
  { event, readers }: Asking,
  file: ResultFile,
): Promise<Pick<Gathered, "evidence">> {
  // Results may be large, and hardly one says so.
  const maySay = file.kind === "found" && file.text.includes('"signal"');
  const result = maySay ? readWorkerResult(file.text) : undefined;
  if (result?.ok !== true || result.value.signal === undefined) return {};
  const { baseSha, evidence = [] } = result.value;
  const there = await Promise.all(
    evidence.map(
      async (path) => [path, (await readers.code.fileAt(event.repo, baseSha, path)) !== undefined] as const,
    ),
  );
  return { evidence: Object.fromEntries(there) };
}
