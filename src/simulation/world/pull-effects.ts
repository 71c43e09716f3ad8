import type { FileChange } from "../../core/effects.ts";
import type { ModelPull } from "./model.ts";
import { type Done, done, mayAct, type ThingOf, type Trial } from "./trial.ts";
import { Refusal } from "./wire.ts";
import { BOT, type World } from "./world.ts";

export async function closeIssue(
  { world, wire }: Trial,
  { issue: number, reason }: ThingOf<"close-issue">,
): Promise<Done> {
  await wire.write(() => {
    const issue = world.issues.get(number);
    if (issue === undefined) throw new Refusal(404, "Not Found");
    world.closeIssue(issue, BOT, reason);
    return { what: "issue.close", issue: number };
  });
  return done();
}

export async function closePull(
  { world, wire }: Trial,
  { pull: number, branch }: ThingOf<"close-pull">,
): Promise<Done> {
  await wire.write(() => {
    const pull = world.pulls.get(number);
    if (pull === undefined) throw new Refusal(404, "Not Found");
    world.closePull(pull, BOT);
    return { what: "pull.close", pull: number };
  });
  await wire.write(() => {
    world.deleteBranch(branch, BOT);
    return { what: "branch.delete", branch };
  });
  return done();
}

/** Commit, branch and pull request are each looked for before they are made. */
export async function publish(trial: Trial, action: ThingOf<"publish">): Promise<Done> {
  const { world, onHead } = trial;
  const { branch, correlation } = action;
  mayAct(trial, 403, "Resource not accessible by integration");
  const head = world.branches.get(branch);
  const known = head === undefined ? null : world.commit(head);
  if (known !== null && known.attempt === null)
    throw new Refusal(409, `The branch ${branch} was changed by somebody else.`);
  const headSha = known?.attempt === correlation ? known.sha : await push(trial, action, known?.sha ?? null);
  const pull =
    findOpenPull(world, branch) ?? (await openPull(trial, createPull(world, { ...action, headSha })));
  onHead(pull);
  return done(
    { pull: pull.number, headSha, branch, url: `https://github.test/pull/${pull.number}` },
    pull.number,
  );
}

/** Somebody else may be faster; then theirs is the one. GitHub asks for the branch when it gets to it, not before. */
async function openPull({ world, wire }: Trial, pull: ModelPull): Promise<ModelPull> {
  const { headRef: branch, number, draft } = pull;
  try {
    await wire.write(() => {
      if (findOpenPull(world, branch) !== undefined) throw new Refusal(422, "A pull request already exists");
      const headSha = world.branches.get(branch);
      if (headSha === undefined) throw new Refusal(422, "The branch of the head does not exist");
      pull.headSha = headSha;
      world.pulls.set(number, pull);
      return { what: "pull.open", pull: number, branch, draft };
    });
    return pull;
  } catch (error) {
    const there = error instanceof Refusal ? findOpenPull(world, branch) : undefined;
    if (there === undefined) throw error;
    return there;
  }
}

async function push(
  { world, wire }: Trial,
  { baseSha, branch, correlation, changes }: ThingOf<"publish">,
  headSha: string | null,
): Promise<string> {
  const base = world.commit(baseSha);
  const tree = applyChanges(base.tree, changes);
  if (isSame(tree, base.tree)) throw new Refusal(422, "The changes leave every file as it is.");
  const commit = world.addCommit({ parent: headSha ?? baseSha, attempt: correlation, tree, base: base.tree });
  await wire.write(() => {
    world.moveBranch(branch, commit.sha, BOT);
    return {
      what: "push",
      branch,
      sha: commit.sha,
      attempt: correlation,
      paths: changes.map(({ path }) => path),
    };
  });
  return commit.sha;
}

function applyChanges(
  tree: ReadonlyMap<string, string>,
  changes: readonly FileChange[],
): ReadonlyMap<string, string> {
  const changed = new Map(tree);
  for (const { path, contentBase64 } of changes) {
    if (contentBase64 === null) changed.delete(path);
    else changed.set(path, atob(contentBase64));
  }
  return changed;
}

function isSame(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([path, text]) => b.get(path) === text);
}

function findOpenPull(world: World, branch: string): ModelPull | undefined {
  return world.openPullsFrom(branch)[0];
}

function createPull(
  world: World,
  of: {
    readonly branch: string;
    readonly baseRef: string;
    readonly title: string;
    readonly body: string;
    readonly draft?: boolean;
    readonly isUpdate?: boolean;
    readonly headSha: string;
  },
): ModelPull {
  return {
    number: world.nextNumber(),
    headRef: of.branch,
    baseRef: of.baseRef,
    title: of.title,
    body: of.body,
    author: BOT,
    openedAt: world.now,
    isUpdate: of.isUpdate ?? false,
    draft: of.draft ?? false,
    state: "open",
    merged: false,
    mergeSha: null,
    headSha: of.headSha,
    before: null,
  };
}

/** Merges exactly the commit that is named; GitHub refuses when the head has moved, and for the base the app has to look itself. */
export async function merge(trial: Trial, { pull: number, sha, baseRef }: ThingOf<"merge">): Promise<Done> {
  const { world, wire } = trial;
  const { skips } = world.context.bugs;
  const asked = skips?.has("naming the commit") ? "" : sha;
  const pull = world.pulls.get(number);
  if (pull === undefined) throw new Refusal(404, "Not Found");
  if (pull.merged && pull.headSha === sha) return done({ sha: pull.mergeSha });
  const { baseRef: base } = pull;
  if (baseRef !== undefined && base !== baseRef && !skips?.has("asking for the base"))
    throw new Refusal(409, `it was pointed at ${base} meanwhile`);
  mayAct(trial, 405, "Required status check is expected");
  const written = await wire.write(() => {
    if (pull.state === "closed" || pull.draft) throw new Refusal(405, "Pull Request is not mergeable");
    if (asked !== "" && pull.headSha !== asked) throw new Refusal(409, "Head branch was modified");
    const head = pull.headSha;
    return { what: "pull.merge", pull: number, asked, head, base, mergeSha: world.mergePull(pull, BOT) };
  });
  return done({ sha: "mergeSha" in written ? written.mergeSha : null });
}

/** A pull request that puts back what a merge changed. */
export async function revert(trial: Trial, action: ThingOf<"revert">): Promise<Done> {
  const { world, onHead } = trial;
  const { branch, mergeSha } = action;
  const merged = world.commits.get(mergeSha);
  if (merged === undefined || merged.parent === null) throw new Refusal(422, "There is no such merge");
  const open = findOpenPull(world, branch);
  const headSha = world.branches.get(branch) ?? (await pushRevert(trial, action, merged.parent));
  const pull = open ?? (await openPull(trial, createPull(world, { ...action, headSha })));
  onHead(pull);
  return done(
    { pull: pull.number, headSha, branch, url: `https://github.test/pull/${pull.number}` },
    pull.number,
  );
}

async function pushRevert(
  { world, wire, effect }: Trial,
  { branch, mergeSha }: ThingOf<"revert">,
  parent: string,
): Promise<string> {
  const before = world.commit(parent).tree;
  const after = world.commit(mergeSha).tree;
  const main = world.commit(world.mainSha).tree;
  const tree = new Map(main);
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const old = before.get(path);
    if (old === after.get(path)) continue;
    if (old === undefined) tree.delete(path);
    else tree.set(path, old);
  }
  const commit = world.addCommit({ parent: world.mainSha, attempt: effect.key, tree, base: main });
  await wire.write(() => {
    world.moveBranch(branch, commit.sha, BOT);
    return { what: "push", branch, sha: commit.sha, attempt: effect.key, paths: [] };
  });
  return commit.sha;
}

/** One pull request that changes files as they are wanted; it is closed when nothing is to be changed any more. */
export async function writeFilePull(trial: Trial, wanted: ThingOf<"file-pull">): Promise<Done> {
  const { world, wire, onHead, effect } = trial;
  const { branch, files, title, body, state } = wanted;
  const open = findOpenPull(world, branch);
  if (state === "absent") {
    if (open !== undefined)
      await wire.write(() => {
        world.closePull(open, BOT);
        return { what: "pull.close", pull: open.number };
      });
    world.deleteBranch(branch, BOT);
    return done();
  }
  const stale = files.find(({ path, before }) => world.fileText(path) !== before);
  if (stale !== undefined) throw new Refusal(409, `${stale.path} is not what the change was made from.`);
  const main = world.commit(world.mainSha).tree;
  const tree = new Map([...main, ...files.map(({ path, after }) => [path, after] as const)]);
  const known = open === undefined ? undefined : world.commit(open.headSha);
  if (open !== undefined && known !== undefined && isSame(known.tree, tree))
    return done({ pull: open.number });
  const commit = world.addCommit({ parent: world.mainSha, attempt: effect.key, tree, base: main });
  await wire.write(() => {
    world.moveBranch(branch, commit.sha, BOT);
    return {
      what: "push",
      branch,
      sha: commit.sha,
      attempt: effect.key,
      paths: files.map(({ path }) => path),
    };
  });
  const pull =
    open ??
    (await openPull(
      trial,
      createPull(world, { ...wanted, title, body, headSha: commit.sha, isUpdate: true }),
    ));
  onHead(pull);
  return done({ pull: pull.number }, pull.number);
}
