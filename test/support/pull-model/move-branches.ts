import { REPO } from "../build-snapshot.ts";
import type { Tree } from "./diff-texts.ts";
import { personOf } from "./people.ts";
import { dequeue } from "./queue.ts";
import { MAIN, type ModelPull, type World } from "./world.ts";

/** The branch of a pull request moves, and every other one that comes from it is told of as well. */
export function pushHead(
  world: World,
  {
    pull: { source },
    sha,
    login,
  }: { readonly pull: ModelPull; readonly sha: string; readonly login: string },
): void {
  for (const moved of world.moveBranch(source, sha)) {
    dequeue(world, moved);
    world.tellPull("synchronize", login, moved);
  }
}

/** Another branch begins where the default one is. */
export function makeBranch(world: World, name: string): void {
  if (!world.branches.has(name)) world.branches.set(name, world.mainSha);
}

/** The default branch moves on. */
export function pushMain(
  world: World,
  { tree, login }: { readonly tree: Tree; readonly login: string },
): void {
  const { sha } = world.commit({ tree, base: null, parent: world.mainSha });
  world.branches.set(MAIN, sha);
  world.tell({ kind: "branch.pushed", repo: REPO, branch: MAIN, sha, sender: personOf(login) });
}
