import type { EventOf } from "../../events.ts";
import type { PullNow } from "../../facts.ts";
import { type Pull, pullId } from "../../pull/pull.ts";
import type { Actor } from "../../repo.ts";
import { branchFor } from "../attempt/publish-changes.ts";
import { HUMAN_POLL_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { roleOf } from "../repository/repository-view.ts";
import { abandonCheck, projectUnjudged, showOthers, supersedeCheck } from "../verdict/project-check.ts";
import { judgePull, takeUnreadablePull } from "./judge-pull.ts";

/** Something about a pull request that no live task has made: it is judged by the same gates as a task's. */
export function takePersonPull(draft: Draft, event: EventOf<"pull.changed">): void {
  const known = draft.pull(pullId(draft.repo.id, event.pull));
  const { config } = draft.view;
  if (config === null) return restWithout(draft, event, known);
  if (!config.gates.people.verify) return leaveUnjudged(draft, event, known);
  const { pull, pullTrouble } = draft.gathered;
  if (pullTrouble !== undefined) return doubt(draft, pushedTo(draft, event, known), pullTrouble);
  if (pull === undefined) return draft.conclude("ignored", "nothing that a gate looks at");
  if (pull === null) return closePull(draft, known, "the pull request is gone");
  if (pull.state === "closed")
    return closePull(
      draft,
      known,
      pull.merged ? "the pull request was merged first" : "the pull request was closed",
    );
  if (pull.headRepoId === draft.repo.id && isBeingWritten(draft, pull.headRef))
    return leaveToTask(draft, known);
  draft.conclude("processed", "verified");
  if (known !== undefined && known.headSha !== pull.headSha) leaveHead(draft, known);
  judgePull(
    draft,
    { ...atHead(draft, known, pull), ...pusherOf(event, known, pull) },
    { now: pull, queued: null },
  );
}

/** The pull at the head that a push made, as the webhook names it: also unread, it is what else may have that commit as its head. */
function pushedTo(
  draft: Draft,
  { action, head, sender, pull: number }: EventOf<"pull.changed">,
  known: Pull | undefined,
): Pull | undefined {
  if (head === undefined) return known;
  // Only a push brings another head; what tells of the beginning may come late, or twice.
  if (known?.state === "open" && (action !== "synchronize" || known.headSha === head.sha)) return known;
  if (known !== undefined) leaveHead(draft, known);
  const baseRef = head.base ?? known?.baseRef ?? "";
  const pushed = {
    ...openPull(draft, known, {
      ...{ number, headSha: head.sha, headRef: head.ref, baseRef },
      requester: known?.requester ?? sender,
    }),
    ...elsewhereUntil(draft, known, { baseRef }),
  };
  return action === "synchronize" ? { ...pushed, pusher: sender } : pushed;
}

/** What cannot be read is BLOCKED with that as its reason; nothing is known of a pull request that was never read. */
function doubt(draft: Draft, known: Pull | undefined, why: string): void {
  if (known?.state !== "open") return draft.conclude("ignored", "the pull request cannot be read");
  draft.conclude("processed", "the pull request cannot be read");
  takeUnreadablePull(draft, known, why);
}

/** The pull at the head that GitHub shows. */
function atHead(draft: Draft, known: Pull | undefined, now: PullNow): Pull {
  const { number, headSha, headRef, baseRef } = now;
  const isSame = known?.headSha === headSha && known.state === "open";
  return {
    ...openPull(draft, known, {
      number,
      headSha,
      headRef,
      baseRef,
      requester: requesterOf(draft, known, now),
    }),
    headSince: isSame ? known.headSince : sinceOf(draft, now),
    verdict: isSame ? known.verdict : null,
    waitingFor: isSame ? known.waitingFor : [],
    ...elsewhereUntil(draft, known, now),
  };
}

/** Until when it was to be merged into another branch: whatever review is there by now was of another change. */
function elsewhereUntil(
  { now }: Draft,
  known: Pull | undefined,
  { baseRef, reviews = [] }: Pick<PullNow, "baseRef" | "reviews">,
): Pick<Pull, "elsewhereUntil"> {
  if (known === undefined) return {};
  if (known.baseRef !== baseRef) return { elsewhereUntil: Math.max(now, ...reviews.map(({ at }) => at)) };
  return known.elsewhereUntil === undefined ? {} : { elsewhereUntil: known.elsewhereUntil };
}

/** A pull at a head that nobody has judged; approvals and overrides stay, since they name the commit they are for. */
function openPull(
  draft: Draft,
  known: Pull | undefined,
  head: Pick<Pull, "number" | "headSha" | "headRef" | "baseRef" | "requester">,
): Pull {
  return {
    ...head,
    id: pullId(draft.repo.id, head.number),
    repoId: draft.repo.id,
    kind: "pull",
    state: "open",
    baseSha: null,
    headSince: draft.now,
    verdict: null,
    waitingFor: [],
    approvals: known?.approvals ?? [],
    overrides: known?.overrides ?? [],
    updatedAt: draft.now,
    wakeAt: draft.now,
  };
}

/** Who pushed the head that GitHub shows: a webhook says so, perhaps later than the head was seen. */
function pusherOf(
  { action, head, sender }: EventOf<"pull.changed">,
  known: Pull | undefined,
  { headSha }: PullNow,
): Pick<Pull, "pusher"> {
  if (action === "synchronize" && head?.sha === headSha) return { pusher: sender };
  return known?.pusher === undefined || known.headSha !== headSha ? {} : { pusher: known.pusher };
}

/** What an ended task left behind has been there for as long as its task knew it. */
function sinceOf({ focus, now: moment }: Draft, { number, headSha }: PullNow): number {
  const left = focus?.pull;
  return left?.number === number && left.headSha === headSha ? left.headSince : moment;
}

/** An ended task's pull request may still be open, or again; then its requester answers for it. */
function requesterOf({ focus }: Draft, known: Pull | undefined, now: PullNow): Actor {
  if (focus?.pull?.number === now.number) return focus.requestedBy;
  return now.author.type === "User" ? now.author : (known?.requester ?? now.author);
}

/** What was said about a commit stays with it, unless it is a head of something else; a check that still waits has to be ended. */
function leaveHead(draft: Draft, { state, verdict, headSha, number }: Pull): void {
  if (state === "closed") return;
  if (verdict === null) supersedeCheck(draft, headSha, number);
  else showOthers(draft, headSha, number);
}

function closePull(draft: Draft, known: Pull | undefined, why: string): void {
  if (known === undefined || known.state === "closed") return draft.conclude("ignored", why);
  draft.conclude("processed", why);
  draft.savePull({ ...known, state: "closed", wakeAt: null });
  if (known.verdict === null) abandonCheck(draft, known.headSha, { number: known.number, why });
  else showOthers(draft, known.headSha, known.number);
}

/** Without a configuration nothing is verified, and a commit that passed for a pull request which is closed is not let through by another. */
function restWithout(
  draft: Draft,
  { head, pull: number }: EventOf<"pull.changed">,
  known: Pull | undefined,
): void {
  const why = "no configuration is in force";
  rest(draft, known, why);
  if (draft.gathered.isShown !== true || head === undefined || known?.headSha === head.sha) return;
  draft.conclude("processed", why);
  abandonCheck(draft, head.sha, { number, why });
}

/** Nothing says what has to hold: no verdict stands, and it is looked at again when something does. */
function rest(draft: Draft, known: Pull | undefined, why: string): void {
  if (known === undefined || known.state === "closed") return draft.conclude("ignored", why);
  draft.conclude("processed", why);
  draft.savePull({ ...known, verdict: null, waitingFor: [], wakeAt: draft.now + HUMAN_POLL_MS });
  abandonCheck(draft, known.headSha, { number: known.number, why });
}

function leaveUnjudged(draft: Draft, event: EventOf<"pull.changed">, known: Pull | undefined): void {
  if (known?.state === "open") draft.savePull({ ...known, state: "closed", wakeAt: null });
  const head = event.head ?? (known === undefined ? undefined : { sha: known.headSha, ref: known.headRef });
  if (head === undefined || isBeingWritten(draft, head.ref))
    return draft.conclude("ignored", "people's pull requests are not verified here");
  draft.conclude("processed", "people's pull requests are not verified here");
  if (known !== undefined && known.headSha !== head.sha) leaveHead(draft, known);
  projectUnjudged(draft, head.sha, event.pull);
}

/** A task has it, or is about to: its own verdict counts from then on. */
function leaveToTask(draft: Draft, known: Pull | undefined): void {
  draft.conclude("ignored", "the pull request of a task is being written");
  giveToTask(draft, known);
}

/** A task has taken up what was left behind; it may not judge this head any more, so a check that waits is ended (I7). */
export function giveToTask(draft: Draft, known: Pull | undefined): void {
  if (known?.state !== "open") return;
  draft.savePull({ ...known, state: "closed", wakeAt: null });
  if (known.verdict === null) supersedeCheck(draft, known.headSha, known.number);
}

/** GitHub may tell of our own pull request before we know its number; afterwards, any other one from its branch is somebody's. */
function isBeingWritten(draft: Draft, ref: string): boolean {
  return draft.activeTasks().some((task) => {
    const branch = task.pull?.branch ?? branchFor(task, roleOf(draft.view.config, task.role)?.branch ?? "");
    const isPublishing = task.reasons.some(({ code }) => code === "publish.pending");
    return ref === branch && (task.pull === null || isPublishing);
  });
}
