import { identityOf } from "../../git/identity.ts";
import { mergeTrees } from "../../git/merge.ts";
import { updateRef } from "../../git/push.ts";
import { presentHeadCommit } from "../../present/code/commit.ts";
import type { MergeGroup, QueueEntry } from "../../world/queue-entry.ts";
import type { Pull, Repo } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";
import { type Merge, mergeWithCommit } from "../pulls/merge-methods.ts";

/** GitHub's own account for what the queue does. */
const BOT = { id: 118_344_374, login: "github-merge-queue[bot]" } as const;

export function queueBot(world: World): User {
  const known = world.users.get(BOT.id);
  if (known) return known;
  const bot: User = { ...BOT, type: "Bot", createdAt: world.now() };
  world.users.set(bot.id, bot);
  return bot;
}

/** Makes the commit that the branch would get and asks for its checks; false when there is a conflict. */
export function openGroup(
  world: World,
  repo: Repo,
  { entry, pull, base }: { readonly entry: QueueEntry; readonly pull: Pull; readonly base: string },
): boolean {
  if (mergeTrees(repo.gitDir, base, pull.headSha).kind === "conflict") return false;
  const bot = queueBot(world);
  const headSha = writeGroupCommit(repo, {
    pull,
    base,
    committer: { ...identityOf(bot), date: world.now() },
  });
  const ref = `refs/heads/gh-readonly-queue/${entry.baseRef}/pr-${pull.number}-${base}`;
  entry.group = { ref, headSha, baseSha: base };
  updateRef(world, { repo, ref, sha: headSha, user: bot });
  emitGroup(world, repo, { group: entry.group, baseRef: entry.baseRef, action: "checks_requested" });
  return true;
}

/** A commit that nobody has judged yet: within one second the same merge would give the same sha again. */
function writeGroupCommit(repo: Repo, merge: Omit<Merge, "repo">): string {
  const sha = mergeWithCommit({ repo, ...merge });
  if (![...repo.checkSuites.values()].some((suite) => suite.headSha === sha)) return sha;
  const date = new Date(merge.committer.date.getTime() + 1000);
  return writeGroupCommit(repo, { ...merge, committer: { ...merge.committer, date } });
}

/** Why a group ends: merged, left behind by an earlier entry that fell out, or taken out itself. */
export type GroupEnd = "merged" | "invalidated" | "dequeued";

export function closeGroup(
  world: World,
  repo: Repo,
  { entry, reason }: { readonly entry: QueueEntry; readonly reason: GroupEnd },
): void {
  const { group, baseRef } = entry;
  if (group === null) return;
  entry.group = null;
  updateRef(world, { repo, ref: group.ref, sha: null, user: queueBot(world) });
  emitGroup(world, repo, { group, baseRef, action: "destroyed", reason });
}

interface GroupEvent {
  readonly group: MergeGroup;
  readonly baseRef: string;
  readonly action: "checks_requested" | "destroyed";
  readonly reason?: GroupEnd;
}

function emitGroup(world: World, repo: Repo, { group, baseRef, action, reason }: GroupEvent): void {
  const merge_group = {
    head_sha: group.headSha,
    head_ref: group.ref,
    base_sha: group.baseSha,
    base_ref: `refs/heads/${baseRef}`,
    head_commit: presentHeadCommit(repo, group.headSha),
  };
  const payload = { merge_group, ...(reason !== undefined && { reason }) };
  world.emit({ event: "merge_group", action, repo, sender: queueBot(world), payload });
}
