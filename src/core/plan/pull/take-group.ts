import type { EventOf } from "../../events.ts";
import type { VerdictValue } from "../../gate/verdict.ts";
import { groupId, type Pull, pullId } from "../../pull/pull.ts";
import type { TaskPull } from "../../task/task.ts";
import { PULL_POLL_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { abandonCheck, projectUnjudged } from "../verdict/project-check.ts";
import { UNREADABLE } from "../verdict/unreadable.ts";
import { judgePull, takeUnreadablePull } from "./judge-pull.ts";

/** The pull request that a merge queue's branch was made for: `gh-readonly-queue/main/pr-12-<sha>`. */
export function pullOfGroup(headRef: string): number | null {
  const number = /\/pr-(\d{1,10})-[0-9a-f]{40}$/u.exec(headRef)?.[1];
  return number === undefined ? null : Number(number);
}

type GroupEvent = EventOf<"group.requested" | "group.changed">;

/** The merge queue asks about a commit, or something about it changed. It always gets an answer: GitHub waits for it (F163). */
export function planGroup(draft: Draft, event: GroupEvent): void {
  const group = event.kind === "group.requested" ? openGroup(draft, event) : knownGroup(draft, event.sha);
  if (group === undefined) return draft.conclude("ignored", "not a merge group that is waited for");
  const { config } = draft.view;
  const queued = standingOf(draft, group.number);
  // What was judged before is not let through because nothing says any more what has to hold.
  if (config === null && (queued !== undefined || event.kind === "group.changed"))
    return letGo(draft, { ...group, verdict: null }, "no configuration is in force");
  const end = event.kind === "group.changed" ? findEnd(draft, group) : undefined;
  if (end !== undefined) return letGo(draft, group, end);
  const isJudged = queued !== undefined || config?.gates.people.verify === true;
  if (isJudged) return judgeGroup(draft, group, queued);
  draft.conclude("processed", "its pull request is not verified here");
  draft.savePull({ ...group, state: "closed", wakeAt: null });
  projectUnjudged(draft, group.headSha, group.number);
}

function judgeGroup(draft: Draft, group: Pull, queued: VerdictValue | null | undefined): void {
  const { pull, pullTrouble } = draft.gathered;
  if (pullTrouble !== undefined) {
    draft.conclude("processed", "the commit cannot be read");
    return takeUnreadablePull(draft, group, pullTrouble);
  }
  if (pull === undefined || pull === null) {
    draft.conclude("processed", "the commit cannot be read yet");
    draft.savePull({ ...group, wakeAt: draft.now + PULL_POLL_MS });
    return;
  }
  draft.conclude("processed", "verified");
  if (queued === undefined) askForPull(draft, group);
  judgePull(draft, group, { now: pull, queued: { pull: group.number, verdict: queued ?? null } });
}

export function planGroupDestroyed(draft: Draft, event: EventOf<"group.destroyed">): void {
  const group = knownGroup(draft, event.sha);
  if (group === undefined) return draft.conclude("ignored", "not a merge group that is waited for");
  letGo(draft, group, "the merge queue has let it go");
}

/** What was said of its commit stays; only a check that still waits has to be ended. */
function letGo(draft: Draft, group: Pull, why: string): void {
  draft.conclude("processed", why);
  draft.savePull({ ...group, state: "closed", wakeAt: null });
  if (group.verdict === null) abandonCheck(draft, group.headSha, { number: group.number, why });
}

/** How long a group may be without its pull request or its commit, in case the queue's last word was lost. */
const ORPHAN_MS = 3_600_000;

/** Why nothing is to be said about a commit any more, where the queue's last word was not heard. */
function findEnd(draft: Draft, { number, headSince, verdict }: Pull): string | undefined {
  const isOld = draft.now - headSince > ORPHAN_MS;
  if (draft.gathered.pull === null && isOld) return "the commit is gone";
  // No gate answers about the commit before its pull request is known.
  const wasJudged = verdict?.gates.some(({ gate }) => gate !== UNREADABLE) ?? false;
  if (standingOf(draft, number) !== undefined || !(wasJudged || isOld)) return undefined;
  return "its pull request is not open any more";
}

function knownGroup(draft: Draft, sha: string): Pull | undefined {
  const known = draft.pull(groupId(draft.repo.id, sha));
  return known?.state === "open" ? known : undefined;
}

function openGroup(draft: Draft, event: EventOf<"group.requested">): Pull | undefined {
  const number = pullOfGroup(event.headRef);
  if (number === null) return undefined;
  const id = groupId(draft.repo.id, event.sha);
  return (
    draft.pull(id) ?? {
      id,
      repoId: draft.repo.id,
      kind: "group",
      number,
      state: "open",
      requester: event.sender,
      baseRef: event.baseRef,
      baseSha: event.baseSha,
      headRef: event.headRef,
      headSha: event.sha,
      headSince: draft.now,
      verdict: null,
      waitingFor: [],
      approvals: [],
      overrides: [],
      updatedAt: draft.now,
      wakeAt: draft.now,
    }
  );
}

/** The verdict of the pull request itself, null while it is awaited; undefined when nothing is known of it. */
function standingOf(draft: Draft, number: number): VerdictValue | null | undefined {
  const task = draft.pullTasks().find((known) => known.pull?.number === number);
  if (task?.pull) return verdictOf(task.pull);
  const pull = draft.pull(pullId(draft.repo.id, number));
  return pull?.state === "open" ? (pull.verdict?.value ?? null) : undefined;
}

/** What somebody else pushed onto a task's branch has a verdict as well, and it is never a pass. */
function verdictOf({ verdict, verdictSha, headSha }: TaskPull): VerdictValue | null {
  const value = verdict?.value ?? null;
  return value === "PASS" && verdictSha !== headSha ? null : value;
}

/** A pull request that was never heard of is looked at first; its verdict wakes the group. */
function askForPull(draft: Draft, { number: pull, requester: sender }: Pull): void {
  draft.emit({ kind: "pull.changed", repo: draft.repo, pull, action: "queued", sender });
}
