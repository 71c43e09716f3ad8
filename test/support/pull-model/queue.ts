import { REPO } from "../build-snapshot.ts";
import { personOf } from "./people.ts";
import { MAIN, type ModelGroup, type ModelPull, type World } from "./world.ts";

const QUEUE = "merge-queue[bot]";

/** Puts a pull request into the merge queue: GitHub makes the commit that would be merged and asks about it. */
export function enqueue(world: World, pull: ModelPull, login: string): void {
  if (!world.isMergeable(pull) || world.groupOf(pull)?.state === "waiting") return;
  const { baseRef, number } = pull;
  const baseSha = world.branches.get(baseRef) ?? world.mainSha;
  const { sha } = world.commit({ tree: world.mergedTree(pull), base: null, parent: baseSha });
  const headRef = `gh-readonly-queue/${baseRef}/pr-${number}-${baseSha}`;
  world.groups.push({ sha, headRef, baseRef, baseSha, pull: number, state: "waiting" });
  world.tellPull("enqueued", login, pull);
  world.tell({
    kind: "group.requested",
    repo: REPO,
    sha,
    headRef,
    baseRef,
    baseSha,
    sender: personOf(QUEUE),
  });
}

/** Takes a pull request out of the queue again. */
export function dequeue(world: World, pull: ModelPull): void {
  const group = world.groupOf(pull);
  if (group?.state !== "waiting") return;
  group.state = "gone";
  world.tell({ kind: "group.destroyed", repo: REPO, sha: group.sha });
  world.tellPull("dequeued", QUEUE, pull);
}

/** What the queue does about our word: a success, or that nothing is verified here, is all that it waits for. */
export function answerQueue(world: World, sha: string, conclusion: string | null): boolean {
  const group = world.groups.find((known) => known.sha === sha && known.state === "waiting");
  const pull = group === undefined ? undefined : world.pullNumbered(group.pull);
  if (group === undefined || pull === undefined) return false;
  if (conclusion === "failure" || conclusion === "cancelled") dequeue(world, pull);
  if (conclusion !== "success" && conclusion !== "neutral") return false;
  return mergeGroup(world, group, pull);
}

/** GitHub moves the base to the queue's commit; a base that has moved meanwhile makes the commit worthless. */
function mergeGroup(world: World, group: ModelGroup, pull: ModelPull): boolean {
  if (world.branches.get(group.baseRef) !== group.baseSha || pull.state === "closed") {
    dequeue(world, pull);
    return false;
  }
  const { sha, baseRef } = group;
  group.state = "merged";
  world.branches.set(baseRef, sha);
  pull.merged = true;
  pull.state = "closed";
  const sender = personOf(QUEUE);
  world.tellPull("closed", QUEUE, pull);
  if (baseRef === MAIN) world.tell({ kind: "branch.pushed", repo: REPO, branch: MAIN, sha, sender });
  world.tell({ kind: "group.destroyed", repo: REPO, sha });
  return true;
}
