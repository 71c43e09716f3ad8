import { resolveRef } from "../../git/git.ts";
import { isMergeable } from "../../git/pull-facts.ts";
import { updateRef } from "../../git/push.ts";
import type { QueueEntry } from "../../world/queue-entry.ts";
import type { Pull, Repo } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import type { Emission, World } from "../../world/world.ts";
import { emitPull, isOpen, markMerged } from "../pulls/pull-records.ts";
import { judgeRequired } from "../rules/required-checks.ts";
import { closeGroup, openGroup, queueBot } from "./merge-group.ts";

interface QueueChange {
  readonly pull: Pull;
  readonly sender: User;
}

/** Puts a pull request at the end of its branch's queue; refuses one that is not ready to be merged. */
export function enqueue(world: World, repo: Repo, { pull, sender }: QueueChange): void {
  const obstacle = findObstacle(repo, pull);
  if (obstacle !== undefined) throw new Error(`#${pull.number} cannot be queued: ${obstacle}`);
  const { number: pullNumber, baseRef, headSha } = pull;
  repo.queue.push({ pullNumber, baseRef, headSha, group: null });
  emitPull(world, { repo, pull, action: "enqueued", sender });
  advanceQueue(world, repo);
}

/** What a person does who takes a pull request out of the queue. */
export function dequeue(world: World, repo: Repo, { pull, sender }: QueueChange): void {
  const entry = findEntry(repo, pull);
  if (!entry) throw new Error(`#${pull.number} is not in the queue`);
  remove(world, repo, { entry, reason: "MANUAL", sender });
  advanceQueue(world, repo);
}

function findEntry(repo: Repo, pull: Pull): QueueEntry | undefined {
  return repo.queue.find((entry) => entry.pullNumber === pull.number);
}

/** Moves the queue on after anything that may matter to it, once that is done. */
export function followQueue(world: World, { repo }: Emission): void {
  if (repo === null || repo.queue.length === 0) return;
  queueMicrotask(() => {
    try {
      advanceQueue(world, repo);
    } catch (error) {
      // A queue that cannot go on must not end the sandbox; the history shows why it stopped.
      world.record("dispatch", { event: "merge_group", repo: repo.name, problem: String(error) });
    }
  });
}

function advanceQueue(world: World, repo: Repo): void {
  const branches = new Set(repo.queue.map((entry) => entry.baseRef));
  const hasMoved = [...branches].some((branch) => takeStep(world, repo, branch));
  if (hasMoved) advanceQueue(world, repo);
}

/** Changes one thing in the queue of a branch; false when there is nothing left but to wait. */
function takeStep(world: World, repo: Repo, branch: string): boolean {
  const entries = repo.queue.filter((entry) => entry.baseRef === branch);
  return (
    dropUnfit(world, repo, entries) || buildNext(world, repo, entries) || mergeFirst(world, repo, entries)
  );
}

type Entries = readonly QueueEntry[];

function dropUnfit(world: World, repo: Repo, entries: Entries): boolean {
  for (const entry of entries) {
    const reason = findRemovalReason(repo, entry);
    if (reason === undefined) continue;
    remove(world, repo, { entry, reason, sender: queueBot(world) });
    return true;
  }
  return false;
}

/** Builds the first group that does not stand on what is before it. */
function buildNext(world: World, repo: Repo, entries: Entries): boolean {
  const [first] = entries;
  let base = first && resolveRef(repo.gitDir, `refs/heads/${first.baseRef}`);
  for (const entry of entries) {
    const pull = repo.pulls.get(entry.pullNumber);
    if (base === undefined || pull === undefined) {
      remove(world, repo, { entry, reason: "QUEUE_CLEARED", sender: queueBot(world) });
      return true;
    }
    if (entry.group?.baseSha !== base) {
      closeGroup(world, repo, { entry, reason: "invalidated" });
      const isOpened = openGroup(world, repo, { entry, pull, base });
      if (!isOpened) remove(world, repo, { entry, reason: "MERGE_CONFLICT", sender: queueBot(world) });
      return true;
    }
    base = entry.group.headSha;
  }
  return false;
}

function mergeFirst(world: World, repo: Repo, [entry]: Entries): boolean {
  const pull = entry && repo.pulls.get(entry.pullNumber);
  if (!pull || entry.group === null) return false;
  const { headSha } = entry.group;
  if (judgeRequired(repo, { branch: entry.baseRef, sha: headSha }).kind !== "met") return false;
  const bot = queueBot(world);
  repo.queue.splice(repo.queue.indexOf(entry), 1);
  markMerged(world, repo, { pull, sha: headSha, user: bot });
  updateRef(world, { repo, ref: `refs/heads/${entry.baseRef}`, sha: headSha, user: bot });
  emitPull(world, { repo, pull, action: "dequeued", sender: bot, extra: { reason: "MERGE" } });
  closeGroup(world, repo, { entry, reason: "merged" });
  return true;
}

/** GitHub's words for why a pull request left the queue without being merged by it. */
type RemovalReason = "MANUAL" | "MERGE_CONFLICT" | "CI_FAILURE" | "ALREADY_MERGED" | "QUEUE_CLEARED";

function remove(
  world: World,
  repo: Repo,
  {
    entry,
    reason,
    sender,
  }: { readonly entry: QueueEntry; readonly reason: RemovalReason; readonly sender: User },
): void {
  repo.queue.splice(repo.queue.indexOf(entry), 1);
  closeGroup(world, repo, { entry, reason: "dequeued" });
  const pull = repo.pulls.get(entry.pullNumber);
  if (pull) emitPull(world, { repo, pull, action: "dequeued", sender, extra: { reason } });
}

function findRemovalReason(
  repo: Repo,
  { pullNumber, baseRef, headSha, group }: QueueEntry,
): RemovalReason | undefined {
  const pull = repo.pulls.get(pullNumber);
  if (pull?.merged) return "ALREADY_MERGED";
  const isAsQueued =
    pull && isOpen(repo, pull) && !pull.draft && pull.baseRef === baseRef && pull.headSha === headSha;
  if (!isAsQueued) return "MANUAL";
  const hasFailed =
    group !== null && judgeRequired(repo, { branch: baseRef, sha: group.headSha }).kind === "failing";
  return hasFailed ? "CI_FAILURE" : undefined;
}

function findObstacle(repo: Repo, pull: Pull): string | undefined {
  if (findEntry(repo, pull)) return "it is in the queue already";
  if (!isOpen(repo, pull)) return "it is not open";
  if (pull.draft) return "it is a draft";
  if (isMergeable(repo, pull) !== true) return "it does not merge into its base";
  const required = judgeRequired(repo, { branch: pull.baseRef, sha: pull.headSha });
  return required.kind === "met" ? undefined : `the required check "${required.name}" is ${required.kind}`;
}
