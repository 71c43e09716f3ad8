import type { WorkerResult } from "../../evidence/worker-result.ts";
import { cleanLearnings, MAX_LEARNINGS } from "../../knowledge/clean-learnings.ts";
import { NOTHING_KNOWN } from "../../knowledge/knowledge.ts";
import { learn } from "../../knowledge/learn.ts";
import type { Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";

/** Keeps with the task what a passed stage says it learned. Those of another attempt go: it did not pass. */
export function noteLearnings(task: Task, result: WorkerResult | null, runId: number): Task {
  const items = result === null ? [] : cleanLearnings(result.learnings);
  const earlier = task.learnings?.attempt === task.attempt ? task.learnings.items : [];
  if (items.length === 0 && earlier.length === task.learnings?.items.length) return task;
  const { learnings: _, ...rest } = task;
  const all = [...earlier, ...items].slice(0, MAX_LEARNINGS);
  return all.length === 0 ? rest : { ...rest, learnings: { attempt: task.attempt, runId, items: all } };
}

/** A task is done: what it learned is known from now on, if its last word was a pass. */
export function learnFrom(draft: Draft, done: Task): Task {
  const { learnings, ...task } = done;
  if (learnings === undefined) return done;
  if (learnings.attempt !== done.attempt || !hasPassed(done)) return task;
  const { stored, status } = draft.view.record;
  const { items, runId } = learnings;
  const source = { taskId: done.id, issue: done.issue, runId, now: draft.now };
  const knowledge = learn(stored.knowledge ?? NOTHING_KNOWN, items, source);
  draft.saveRepository({ ...stored, knowledge }, status);
  draft.audit("knowledge.learned", { taskId: done.id, data: { learnings: items.length, runId } });
  return task;
}

/** What people merged or let pass although it had not passed says nothing about what was learned on the way. */
function hasPassed({ pull }: Task): boolean {
  if (pull === null) return true;
  const { verdict, verdictSha, headSha } = pull;
  const isSetAside = verdict?.gates.some(({ overridden }) => overridden !== undefined);
  return verdict?.value === "PASS" && verdictSha === headSha && isSetAside !== true;
}
