import type { Action, Effect, Outcome, Projection } from "../../../src/core/effects.ts";
import type { Tree } from "./diff-texts.ts";
import { OWN_APP } from "./people.ts";
import { TASK, type World } from "./world.ts";

export interface Try {
  readonly world: World;
  readonly effect: Effect;
  readonly mayHaveHappened: boolean;
  readonly remoteId: string | null;
}

export interface Done {
  readonly outcome: Exclude<Outcome, { kind: "later" }>;
  readonly remoteId: string | null;
}

type Thing = Action | Projection;
type Row<K extends Thing["kind"]> = (given: Try, thing: Extract<Thing, { kind: K }>) => Done;

/** What GitHub does with each kind of effect; those that change nothing that matters here are simply done. */
const ROWS: { readonly [K in Thing["kind"]]: Row<K> } = {
  check: writeCheck,
  merge,
  publish,
  dispatch,
  "cancel-run": ({ world }, { runId }) => {
    const run = world.runs.find((known) => known.id === runId);
    if (run !== undefined) world.endRun(run, "cancelled", null);
    return done();
  },
  "close-pull": ({ world }, { pull, branch }) => {
    const found = world.pulls.find((known) => known.number === pull);
    if (found === undefined) return refused(404, "Not Found");
    if (found.state === "open") found.state = "closed";
    if (found.source === branch) world.branches.delete(branch);
    return done();
  },
  "close-issue": ({ world }) => {
    world.issue.state = "closed";
    return done();
  },
  revert: () => refused(409, "Nobody judges what is merged here"),
  comment: () => done(),
  labels: () => done(),
  issue: () => done(),
  "file-pull": () => done(),
  "open-issue": () => refused(410, "Issues are disabled here"),
  reply: () => done(),
  react: () => done(),
};

/** Does an effect on the model as the adapter does it on GitHub: looked for before it is done again. */
export function doEffect(given: Try): Done {
  const { effect } = given;
  return doThing(given, effect.sort === "projection" ? effect.projection : effect.action);
}

function doThing<K extends Thing["kind"]>(given: Try, thing: Extract<Thing, { kind: K }>): Done {
  const row: Row<K> = ROWS[thing.kind as K];
  return row(given, thing);
}

function done(
  facts: Readonly<Record<string, string | number | null>> = {},
  remoteId: string | null = null,
): Done {
  return { outcome: { kind: "done", facts }, remoteId };
}

function refused(status: number, message: string): Done {
  return { outcome: { kind: "refused", status, message }, remoteId: null };
}

function writeCheck(given: Try, check: Extract<Projection, { kind: "check" }>): Done {
  const { world, effect, mayHaveHappened } = given;
  if (!world.commits.has(check.sha)) return refused(422, `No commit found for SHA: ${check.sha}`);
  const all = world.checks.get(check.sha) ?? [];
  const known = all.find(
    ({ id, externalId, appId }) =>
      String(id) === given.remoteId || (mayHaveHappened && appId === OWN_APP && externalId === effect.key),
  );
  const { name, status, conclusion } = check;
  if (known === undefined) {
    const made = { id: world.nextId(), name, appId: OWN_APP, status, conclusion, forged: false };
    world.checks.set(check.sha, [...all, { ...made, externalId: effect.key }]);
    return done({}, String(made.id));
  }
  const now = { ...known, status, conclusion };
  world.checks.set(
    check.sha,
    all.map((other) => (other === known ? now : other)),
  );
  return done({}, String(known.id));
}

function merge({ world }: Try, { pull, sha }: Extract<Action, { kind: "merge" }>): Done {
  const found = world.pulls.find((known) => known.number === pull);
  if (found === undefined) return refused(404, "Not Found");
  if (found.merged && found.headSha === sha) return done({ sha: world.mainSha });
  if (found.state === "closed" || found.draft || !world.isMergeable(found))
    return refused(405, "Pull Request is not mergeable");
  // Only whoever says which commit is meant is kept from merging another one.
  if (sha !== "" && found.headSha !== sha) return refused(409, "Head branch was modified");
  world.mergeHead(found);
  return done({ sha: world.mainSha });
}

function dispatch({ world, mayHaveHappened }: Try, action: Extract<Action, { kind: "dispatch" }>): Done {
  const known = world.runs.find((run) => run.correlation === action.correlation);
  const run =
    known !== undefined && mayHaveHappened ? known : world.startRun(action.correlation, action.inputs);
  return done({ runId: run.id, runUrl: `https://github.test/acme/shop/actions/runs/${run.id}` });
}

function publish({ world }: Try, action: Extract<Action, { kind: "publish" }>): Done {
  const { branch, baseRef, correlation } = action;
  const headSha = world.branches.get(branch);
  const head = headSha === undefined ? undefined : world.commitOf(headSha);
  if (head !== undefined && head.attempt === null)
    return refused(409, `The branch ${branch} was changed by somebody else.`);
  const sha = head?.attempt === correlation ? head.sha : commitAnswer(world, action);
  if (sha === undefined) return refused(422, "The changes leave every file as it is.");
  const open = world.pulls.find(
    (known) => known.source === branch && known.baseRef === baseRef && known.state === "open",
  );
  const pull =
    open ??
    world.openPull({
      name: TASK,
      author: "orchestrator[bot]",
      openedFor: correlation,
      source: branch,
      headRef: branch,
      baseRef,
      draft: action.draft,
    });
  return done({ pull: pull.number, headSha: sha, branch });
}

function commitAnswer(world: World, action: Extract<Action, { kind: "publish" }>): string | undefined {
  const base = world.commitOf(action.baseSha);
  const tree: Record<string, string> = { ...base.tree };
  for (const { path, contentBase64 } of action.changes) {
    if (contentBase64 === null) delete tree[path];
    else tree[path] = Buffer.from(contentBase64, "base64").toString("utf8");
  }
  if (isSame(tree, base.tree)) return undefined;
  const made = world.commit({
    tree,
    base: base.base,
    parent: world.branches.get(action.branch) ?? base.sha,
    attempt: action.correlation,
    weakens: world.weakeningAttempts.has(action.correlation),
  });
  world.moveBranch(action.branch, made.sha);
  return made.sha;
}

function isSame(a: Tree, b: Tree): boolean {
  return Object.keys({ ...a, ...b }).every((path) => a[path] === b[path]);
}
