import { pullId } from "../../pull/pull.ts";
import type { Draft } from "../draft.ts";

/** Pull requests that one round looks at; the next round goes on where this one ended. */
const MAX_LOOKS = 20;
/** How far apart pull requests are looked at again under another configuration. */
const SPREAD_MS = 10_000;

/** Looks at the pull requests of which something was not heard: new ones, ended ones, other heads, other bases (I14). */
export function reconcilePulls(draft: Draft): void {
  const { listedPulls: listed, openPulls = [] } = draft.gathered;
  if (listed === undefined) return;
  const known = new Map(openPulls.map((pull) => [pull.id, pull]));
  const ours = new Set(draft.activeTasks().flatMap((task) => (task.pull === null ? [] : [task.pull.number])));
  const unheard = listed.filter((pull) => {
    const record = known.get(pullId(draft.repo.id, pull.number));
    const isSame = record?.headSha === pull.headSha && record.baseRef === pull.baseRef;
    return !isSame && !ours.has(pull.number);
  });
  const there = new Set(listed.map(({ number }) => number));
  const ended = openPulls.filter((pull) => pull.kind === "pull" && !there.has(pull.number));
  const looks = [
    ...unheard.map(({ number, author }) => ({ number, sender: author })),
    ...ended.map(({ number, requester }) => ({ number, sender: requester })),
  ];
  for (const { number: pull, sender } of looks.slice(0, MAX_LOOKS)) {
    draft.emit({ kind: "pull.changed", repo: draft.repo, pull, action: "reconcile", sender });
  }
}

/** Another configuration is in force: what it says of every open pull request is asked for, some at once, the rest soon. */
export function judgePullsAgain(draft: Draft): void {
  const { openPulls = [] } = draft.gathered;
  for (const [index, pull] of openPulls.toReversed().entries()) {
    const wakeAt = draft.now + index * SPREAD_MS;
    if (pull.wakeAt === null || pull.wakeAt > wakeAt) draft.savePull({ ...pull, wakeAt });
  }
}
