import { REPO } from "../build-snapshot.ts";
import { hasPull, PULL_PATIENCE_MS } from "./await-pull.ts";
import { applyChanges } from "./change-files.ts";
import type { Driver } from "./driver.ts";
import { makeBranch } from "./move-branches.ts";
import type { Arguments } from "./step.ts";
import { CHANGE, type ModelPull, type World } from "./world.ts";

export const FORK_ID = 2002;

type Opening = Arguments["open"];

/** A person opens a pull request: with a change of their own, or with the commit of another one. */
export async function openPull(driver: Driver, given: Opening): Promise<void> {
  const { world } = driver;
  const name = world.chosen ?? CHANGE;
  const twin = given.headOf === undefined ? undefined : await findTwin(driver, given.headOf, name);
  if (given.headOf !== undefined && twin === undefined) return;
  const { by: author, fork, into: baseRef, closes, draft } = given;
  const headRef = given.branch ?? twin?.headRef ?? name;
  const source = sourceOf(given, twin, headRef);
  makeBranch(world, baseRef);
  // GitHub has one open pull request from one branch into another.
  const isThere = (known: ModelPull) => known.source === source && known.baseRef === baseRef;
  if (world.pulls.some((known) => known.state === "open" && isThere(known))) return;
  if (twin !== undefined) world.branches.set(source, twin.headSha);
  else if (!world.branches.has(source)) world.branches.set(source, commitChange(world, given));
  const headRepoId = fork ? FORK_ID : REPO.id;
  const about = { name, author, openedFor: null, source, headRef, baseRef, headRepoId, closes, draft };
  world.tellPull("opened", author, world.openPull(about));
}

/** Whoever offers the commit of a pull request waits until that is there. */
async function findTwin(driver: Driver, headOf: string, name: string): Promise<ModelPull | undefined> {
  const { world } = driver;
  world.chosen = headOf;
  await driver.runUntil(() => hasPull(driver), PULL_PATIENCE_MS);
  world.chosen = name;
  return world.pullCalled(headOf);
}

function sourceOf({ by, branch, fork }: Opening, twin: ModelPull | undefined, headRef: string): string {
  if (fork) return `${by}:${headRef}`;
  return branch === undefined ? (twin?.source ?? headRef) : headRef;
}

function commitChange(world: World, { weakens, ...change }: Opening): string {
  const { sha, tree } = world.commitOf(world.mainSha);
  return world.commit({ tree: applyChanges(tree, change), base: sha, parent: sha, weakens }).sha;
}
