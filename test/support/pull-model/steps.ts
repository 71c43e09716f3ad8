import { z } from "zod";
import { pullId } from "../../../src/core/pull/pull.ts";
import { REPO } from "../build-snapshot.ts";
import type { Tree } from "./diff-texts.ts";
import type { Driver } from "./driver.ts";
import { FAULT_KINDS } from "./faults.ts";
import { ACTIONS_APP, OTHER_APP, OWN_APP, personOf } from "./people.ts";
import { dequeue, enqueue } from "./queue.ts";
import { DEFAULT_RULES, writeConfig } from "./rules.ts";
import { CHANGE, ISSUE, MAIN, type ModelPull, type World } from "./world.ts";

const Rules = z.strictObject({
  mode: z.enum(["active", "shadow"]).exactOptional(),
  autonomy: z.enum(["observe", "suggest", "draft-pr", "merge-with-approval", "merge"]).exactOptional(),
  approvals: z.number().exactOptional(),
  required: z.array(z.string()).exactOptional(),
  files: z.number().exactOptional(),
  lines: z.number().exactOptional(),
  allow: z.array(z.string()).exactOptional(),
  protect: z.array(z.string()).nullable().exactOptional(),
  assertions: z.boolean().exactOptional(),
  attempts: z.number().exactOptional(),
  verify: z.boolean().exactOptional(),
  peopleApprovals: z.number().exactOptional(),
  branches: z.array(z.string()).exactOptional(),
  linkedIssue: z.boolean().exactOptional(),
  owners: z.boolean().exactOptional(),
  freezes: z.array(z.strictObject({ at: z.string(), minutes: z.number() })).exactOptional(),
});

const SECOND_MS = 1000;
const FORK_ID = 2002;

/** How files are changed: places replaced, files written, files taken away, files moved. */
const changes = {
  edit: z.record(z.string(), z.array(z.tuple([z.string(), z.string()]))).optional(),
  write: z.record(z.string(), z.string()).optional(),
  remove: z.array(z.string()).optional(),
  move: z.record(z.string(), z.string()).optional(),
  /** A new file of so many lines. */
  long: z.strictObject({ path: z.string(), lines: z.number() }).optional(),
  /** So many new files of one line. */
  many: z.number().optional(),
};
type Changes = z.infer<z.ZodObject<typeof changes>>;

/** The truth about a change: whether it makes tests weaker. */
const weakens = z.boolean().default(false);

const Work = z.strictObject({
  ...changes,
  weakens,
  run: z.string().default("success"),
  outcome: z.enum(["completed", "failed", "blocked"]).default("completed"),
  result: z.boolean().default(true),
});

const Check = z.strictObject({
  name: z.string(),
  /** A conclusion, or a status for a check that has not ended. */
  is: z.string().default("success"),
  app: z.union([z.enum(["actions", "other", "own"]), z.null()]).default("actions"),
  /** Which commit it is of; `group` is the merge queue's. */
  on: z.enum(["head", "previous", "base", "group"]).default("head"),
  forged: z.boolean().default(false),
});

const Open = z.strictObject({
  ...changes,
  weakens,
  by: z.string().default("alice"),
  branch: z.string().optional(),
  /** From a fork of the author's. */
  fork: z.boolean().default(false),
  into: z.string().default("main"),
  /** The pull request whose commit it brings; without a branch of its own, from the same branch. */
  headOf: z.string().optional(),
  closes: z.array(z.number()).default([]),
  draft: z.boolean().default(false),
});

const by = z.string().default("bob");

/** Everything that can happen in a history; each step has one of these keys, and may say what passes before it. */
const ARGUMENTS = {
  /** The worker's answer to the next dispatch. */
  work: Work,
  check: z.union([z.string().transform((name) => Check.parse({ name })), Check]),
  suite: z.strictObject({
    app: z.string(),
    is: z.enum(["queued", "in_progress", "ended"]),
    runs: z.number().default(0),
  }),
  /** A person opens a pull request, called as the step says. */
  open: Open,
  /** `catchUp` brings the default branch into it first. */
  push: z.strictObject({ ...changes, weakens, catchUp: z.boolean().default(false), by }),
  force: z.strictObject({ to: z.enum(["previous", "base"]), by }),
  approve: z.strictObject({
    by: z.string(),
    /** What is approved: the head as it is when the step is reached, an older one, or digits as written. */
    sha: z.string().default("head"),
    /** Where it is written: on the issue for a task's, on the pull request for a person's. */
    on: z.enum(["issue", "pull"]).optional(),
  }),
  unapprove: z.strictObject({ by: z.string() }),
  override: z.strictObject({ by: z.string(), gate: z.string(), reason: z.string().default("agreed on") }),
  comment: z.strictObject({ by: z.string(), body: z.string() }),
  review: z.strictObject({
    by: z.string(),
    is: z.enum(["approved", "changes_requested", "commented"]).default("commented"),
    /** The commit that the reviewer looked at. */
    sha: z.enum(["head", "previous"]).default("head"),
  }),
  /** Somebody's review is made void. */
  dismiss: z.strictObject({ of: z.string(), by }),
  /** The issues that the text closes from now on. */
  text: z.strictObject({ closes: z.array(z.number()), by }),
  enqueue: z.strictObject({ by }),
  dequeue: z.strictObject({ by }),
  /** A button of our check. */
  press: z.strictObject({ by: z.string(), button: z.enum(["rerun", "explain", "override"]) }),
  /** Whether GitHub answers with an error whenever it is asked about the pull request. */
  unreadable: z.boolean(),
  close: z.strictObject({ by }),
  reopen: z.strictObject({ by }),
  mergeByHand: z.strictObject({ by }),
  retarget: z.strictObject({ to: z.string(), by }),
  draft: z.boolean(),
  main: z.strictObject({ ...changes, by }),
  /** What GitHub says instead of what is so; "true" lets it say the truth again. */
  mergeable: z.union([z.boolean().nullable(), z.literal("truth")]),
  configure: Rules,
  breakConfig: z.literal(true),
  dropConfig: z.literal(true),
  hideFiles: z.union([z.literal("all"), z.number()]),
  unpatched: z.string(),
  head: z.enum(["gone", "elsewhere", "here"]),
  unlabel: z.strictObject({ by }),
  closeIssue: z.strictObject({ by }),
  deleteBranch: z.literal(true),
  rerequest: z.strictObject({ by }),
  permission: z.strictObject({ of: z.string(), is: z.enum(["none", "read", "triage", "write", "admin"]) }),
  /** Minutes. */
  wait: z.number(),
  fault: z.strictObject({
    kind: z.enum(FAULT_KINDS),
    seconds: z.number().default(30),
    /** How many opportunities go well before. */
    letPass: z.number().default(0),
  }),
  /** What has to be so at this point. */
  see: z.strictObject({
    verdict: z.string(),
    gate: z.string().optional(),
    on: z.enum(["head", "group"]).default("head"),
  }),
} as const;

type Arguments = { readonly [K in keyof typeof ARGUMENTS]: z.infer<(typeof ARGUMENTS)[K]> };
export type StepKind = keyof Arguments;

/** Seconds that pass before the step; people are slow, and races are not. */
const after = z.number().optional();
/** Which pull request the step is about; without it, the task's, or a person's where there is no task. */
const pull = z.string().optional();

export const Step = z
  .strictObject({
    after,
    pull,
    ...Object.fromEntries(Object.entries(ARGUMENTS).map(([kind, schema]) => [kind, schema.optional()])),
  })
  .refine((step) => Object.keys(step).filter(isKind).length === 1, "does one thing")
  .transform((step): Step => step as Step);
export type Step = { readonly after?: number; readonly pull?: string } & Partial<Arguments>;

export const RulesGiven = Rules;

export function kindOfStep(step: Step): StepKind {
  return Object.keys(step).find(isKind) as StepKind;
}

function isKind(key: string): boolean {
  return key !== "after" && key !== "pull";
}

type Doing<K extends StepKind> = (driver: Driver, given: Arguments[K]) => unknown;

/** Statuses of checks that have not ended; every other word is a conclusion. */
const OPEN: ReadonlySet<string> = new Set(["queued", "in_progress", "waiting", "requested", "pending"]);
const APPS = { actions: ACTIONS_APP, other: OTHER_APP, own: OWN_APP } as const;

const STEPS: { readonly [K in Exclude<StepKind, "see">]: Doing<K> } = {
  work: ({ worker }, { run, outcome, result, weakens, ...change }) =>
    worker.expect({
      conclusion: run,
      outcome,
      leavesResult: result,
      weakens,
      changes: (tree) => listChanges(tree, change),
    }),
  check: (driver, { name, is, app, on, forged }) =>
    withPull(driver, (pull) => {
      const { world } = driver;
      const shas = {
        head: pull.headSha,
        previous: world.commitOf(pull.headSha).parent,
        base: world.mainSha,
        group: world.groupOf(pull)?.sha,
      };
      const isOpen = OPEN.has(is);
      world.setCheck(shas[on] ?? pull.headSha, {
        name,
        appId: app === null ? null : APPS[app],
        status: isOpen ? is : "completed",
        conclusion: isOpen ? null : is,
        forged,
        externalId: null,
      });
    }),
  suite: (driver, { app, is, runs }) =>
    withPull(driver, ({ headSha }) => {
      const { world } = driver;
      const others = (world.suites.get(headSha) ?? []).filter((suite) => suite.app !== app);
      const slug = app === "GitHub Actions" ? "github-actions" : app;
      const suite = { app, slug, appId: OTHER_APP, status: is, runs };
      world.suites.set(headSha, is === "ended" ? others : [...others, suite]);
      world.tell({ kind: "check.changed", repo: REPO, sha: headSha, name: app });
    }),
  open: openPull,
  push: (driver, { by: login, weakens: isWeaker, catchUp, ...change }) =>
    withPull(driver, (pull) => {
      const { world } = driver;
      const head = world.commitOf(pull.headSha);
      const from = catchUp
        ? { tree: { ...head.tree, ...world.mergedTree(pull) }, base: world.mainSha }
        : head;
      const { sha } = world.commit({
        tree: applyChanges(from.tree, change),
        base: from.base,
        parent: head.sha,
        weakens: head.weakens || isWeaker,
      });
      pushHead(world, { pull, sha, login });
    }),
  force: (driver, { to, by: login }) =>
    withPull(driver, (pull) => {
      const { world } = driver;
      const head = world.commitOf(pull.headSha);
      const sha = (to === "previous" ? head.parent : head.base) ?? head.sha;
      pushHead(world, { pull, sha, login });
    }),
  approve,
  comment: ({ world }, { by: login, body }) => comment({ world }, { login, body, issue: ISSUE }),
  unapprove: (driver, { by: login }) =>
    withPull(driver, (pull) => {
      const { world } = driver;
      const id = comment({ world }, { login, body: "/orchestrate unapprove", issue: placeOf(pull) });
      world.voices.unapprove(pull.number, login, id);
    }),
  override,
  review: (driver, { by: login, is, sha }) =>
    withPull(driver, ({ number, headSha }) => {
      const { world } = driver;
      const seen = sha === "head" ? headSha : (world.commitOf(headSha).parent ?? headSha);
      world.voices.review({ pull: number, by: personOf(login), sha: seen, at: world.now }, is);
      world.tellPull("review_submitted", login);
    }),
  dismiss: (driver, { of, by: login }) =>
    withPull(driver, ({ number }) => {
      driver.world.voices.dismiss(number, of);
      driver.world.tellPull("review_dismissed", login);
    }),
  text: (driver, { closes, by: login }) =>
    withPull(driver, (pull) => {
      pull.closes = closes;
      driver.world.tellPull("edited", login);
    }),
  enqueue: (driver, { by: login }) => withPull(driver, (pull) => enqueue(driver.world, pull, login)),
  dequeue: (driver) => withPull(driver, (pull) => dequeue(driver.world, pull)),
  press: (driver, { by: login, button: action }) =>
    withPull(driver, ({ headSha: sha }) =>
      driver.world.tell({ kind: "check.action", repo: REPO, sha, action, sender: personOf(login) }),
    ),
  unreadable: (driver, isSo) =>
    withPull(driver, (pull) => {
      pull.isUnreadable = isSo;
    }),
  close: (driver, { by: login }) =>
    withPull(driver, (pull) => {
      dequeue(driver.world, pull);
      pull.state = "closed";
      driver.world.tellPull("closed", login);
    }),
  reopen: ({ world }, { by: login }) => {
    if (world.pull === undefined || world.pull.merged) return;
    world.pull.state = "open";
    world.pull.wasReopened = true;
    world.branches.set(world.pull.source, world.pull.headSha);
    world.tellPull("reopened", login);
  },
  mergeByHand: (driver, { by: login }) =>
    withPull(driver, (pull) => {
      dequeue(driver.world, pull);
      driver.world.mergeHead(pull);
      driver.world.tellPull("closed", login);
    }),
  retarget: (driver, { to, by: login }) =>
    withPull(driver, (pull) => {
      const { world } = driver;
      makeBranch(world, to);
      dequeue(world, pull);
      pull.baseRef = to;
      world.tellPull("edited", login);
    }),
  draft: (driver, isDraft) =>
    withPull(driver, (pull) => {
      pull.draft = isDraft;
      driver.world.tellPull(isDraft ? "converted_to_draft" : "ready_for_review", "alice");
    }),
  main: ({ world }, { by: login, ...change }) => {
    const tree = applyChanges(world.commitOf(world.mainSha).tree, change);
    pushMain({ world }, { tree, login });
  },
  mergeable: (driver, said) =>
    withPull(driver, (pull) => {
      pull.mergeableSaid = said === "truth" ? undefined : said;
    }),
  configure: ({ world }, change) => {
    const rules = { ...(world.config.rules ?? DEFAULT_RULES), ...change };
    world.config = { text: writeConfig(rules), rules };
    pushMain({ world }, { tree: world.commitOf(world.mainSha).tree, login: "bob" });
  },
  breakConfig: ({ world }) => {
    world.config = { text: "version: 1\nautonmy: merge\n", rules: null };
    pushMain({ world }, { tree: world.commitOf(world.mainSha).tree, login: "bob" });
  },
  dropConfig: ({ world }) => {
    world.config = { text: null, rules: null };
    pushMain({ world }, { tree: world.commitOf(world.mainSha).tree, login: "bob" });
  },
  hideFiles: (driver, what) =>
    withPull(driver, (pull) => {
      pull.isListHidden = what === "all";
      pull.unlisted = what === "all" ? 3001 : what;
    }),
  unpatched: (driver, path) => withPull(driver, (pull) => pull.unpatched.add(path)),
  head: (driver, where) =>
    withPull(driver, (pull) => {
      pull.headRepoId = { gone: null, elsewhere: FORK_ID, here: REPO.id }[where];
    }),
  unlabel: ({ world }, { by: login }) => {
    world.issue.labels = world.issue.labels.filter((label) => label !== "autopilot");
    const about = { repo: REPO, issue: ISSUE, sender: personOf(login) };
    world.tell({ kind: "issue.unlabeled", ...about, label: "autopilot", isPull: false });
  },
  closeIssue: ({ world }, { by: login }) => {
    world.issue.state = "closed";
    world.tell({
      kind: "issue.closed",
      repo: REPO,
      issue: ISSUE,
      sender: personOf(login),
      reason: "not_planned",
    });
  },
  deleteBranch: (driver) => {
    const { world } = driver;
    if (world.pull !== undefined) world.branches.delete(world.pull.source);
  },
  rerequest: (driver, { by: login }) =>
    withPull(driver, ({ headSha }) =>
      driver.world.tell({ kind: "check.rerequested", repo: REPO, sha: headSha, sender: personOf(login) }),
    ),
  permission: ({ world }, { of, is }) => world.voices.permissions.set(of, is),
  wait: (driver, minutes) => driver.run(minutes * 60_000),
  fault: ({ faults }, { kind, seconds, letPass }) => faults.arm(kind, { ms: seconds * SECOND_MS, letPass }),
};

/** A worker needs a while; everything else follows at the pace of people. */
const PACE_MS: Partial<Record<StepKind, number>> = {
  unreadable: 0,
  fault: 0,
  see: 0,
  unpatched: 0,
  mergeable: 0,
  head: 0,
  hideFiles: 0,
};
const USUAL_PACE_MS = 20 * SECOND_MS;
const PULL_PATIENCE_MS = 20 * 60 * SECOND_MS;

/** Steps that only make sense when there is a pull request; whoever does them waits for it to appear. */
const NEEDS_PULL: ReadonlySet<StepKind> = new Set([
  ...(["check", "suite", "push", "force", "approve", "close", "mergeByHand", "retarget", "draft"] as const),
  ...(["mergeable", "hideFiles", "unpatched", "head", "rerequest", "review"] as const),
  ...(["unapprove", "override", "dismiss", "text", "enqueue", "dequeue", "press", "unreadable"] as const),
]);

/** Does one step, after the time that it says. */
export async function doStep(driver: Driver, step: Step): Promise<void> {
  const kind = kindOfStep(step);
  await driver.run(step.after === undefined ? (PACE_MS[kind] ?? USUAL_PACE_MS) : step.after * SECOND_MS);
  if (kind === "see") return;
  driver.world.chosen = step.pull ?? null;
  if (NEEDS_PULL.has(kind)) await driver.runUntil(() => hasPull(driver), PULL_PATIENCE_MS);
  await doKind(driver, kind, step);
  driver.world.chosen = null;
}

/** Whether every answer that is under way has become a pull request. */
function hasPull({ world, worker, ledger }: Driver): boolean {
  const { state, reasons = [] } = ledger.task ?? {};
  const hasAnswer = !worker.isIdle || world.runs.at(-1)?.status === "completed";
  const isUnderWay =
    (state === "running" && hasAnswer) || reasons.some(({ code }) => code === "publish.pending");
  return world.pull !== undefined && !isUnderWay;
}

async function doKind<K extends Exclude<StepKind, "see">>(
  driver: Driver,
  kind: K,
  step: Step,
): Promise<void> {
  const doing: Doing<K> = STEPS[kind];
  const given = step[kind];
  if (given !== undefined) await doing(driver, given as Arguments[K]);
}

function withPull(driver: Driver, change: (pull: ModelPull) => unknown): void {
  const { pull: chosen } = driver.world;
  if (chosen?.state === "open") change(chosen);
}

/** The branch of a pull request moves, and every other one that comes from it is told of as well. */
function pushHead(
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
function makeBranch(world: World, name: string): void {
  if (!world.branches.has(name)) world.branches.set(name, world.mainSha);
}

async function openPull(driver: Driver, given: Arguments["open"]): Promise<void> {
  const { world } = driver;
  const { by: author, branch, fork, into, headOf, closes, draft, weakens: isWeaker, ...change } = given;
  const name = world.chosen ?? CHANGE;
  if (headOf !== undefined) {
    world.chosen = headOf;
    await driver.runUntil(() => hasPull(driver), PULL_PATIENCE_MS);
    world.chosen = name;
  }
  const twin = headOf === undefined ? undefined : world.pullCalled(headOf);
  if (headOf !== undefined && twin === undefined) return;
  const ref = branch ?? twin?.headRef ?? name;
  const source = fork ? `${author}:${ref}` : branch === undefined ? (twin?.source ?? ref) : ref;
  makeBranch(world, into);
  // GitHub has one open pull request from one branch into another.
  if (
    world.pulls.some((known) => known.state === "open" && known.source === source && known.baseRef === into)
  )
    return;
  const main = world.commitOf(world.mainSha);
  const tree = applyChanges(main.tree, change);
  if (!world.branches.has(source) || twin !== undefined)
    world.branches.set(
      source,
      twin?.headSha ?? world.commit({ tree, base: main.sha, parent: main.sha, weakens: isWeaker }).sha,
    );
  const headRepoId = fork ? FORK_ID : REPO.id;
  const about = { name, author, openedFor: null, source, headRef: ref, baseRef: into, headRepoId };
  world.tellPull("opened", author, world.openPull({ ...about, closes, draft }));
}

/** Where people write about a pull request: a task's has its issue. */
function placeOf({ openedFor, number }: ModelPull): number {
  return openedFor === null ? number : ISSUE;
}

interface Comment {
  readonly login: string;
  readonly body: string;
  readonly issue: number;
}

function comment({ world }: Pick<Driver, "world">, { login, body, issue }: Comment): number {
  const commentId = world.nextId();
  world.tell({
    kind: "comment.created",
    repo: REPO,
    issue,
    sender: personOf(login),
    commentId,
    body,
    isPull: issue !== ISSUE,
    createdAt: world.now,
  });
  return commentId;
}

/** The product has heard of the head that people see: they look at its check before they say something. */
function isHeadKnown({ ledger, world }: Driver): boolean {
  const { pull: shown } = world;
  if (shown === undefined || shown.state === "closed") return true;
  const own = ledger.task?.pull;
  const known = own?.number === shown.number ? own : ledger.pulls.get(pullId(REPO.id, shown.number));
  return known?.headSha === shown.headSha;
}

/** Says that a commit is approved; the model keeps for itself whether that counts. */
async function approve(driver: Driver, { by: login, sha, on }: Arguments["approve"]): Promise<void> {
  const { world } = driver;
  if (sha === "head") await driver.runUntil(() => isHeadKnown(driver), PULL_PATIENCE_MS);
  const { pull: shown } = world;
  if (shown === undefined) return;
  const shas: Readonly<Record<string, string | null>> = {
    head: shown.headSha,
    previous: world.commitOf(shown.headSha).parent,
    base: world.mainSha,
  };
  const meant = shas[sha] ?? sha;
  world.voices.approve(shown.number, meant, login);
  const issue = on === undefined ? placeOf(shown) : on === "issue" ? ISSUE : shown.number;
  comment({ world }, { login, body: `/orchestrate approve ${meant}`, issue });
}

/** Says that a gate is set aside for the head that is shown. */
async function override(driver: Driver, { by: login, gate, reason }: Arguments["override"]): Promise<void> {
  const { world } = driver;
  await driver.runUntil(() => isHeadKnown(driver), PULL_PATIENCE_MS);
  withPull(driver, (shown) => {
    world.voices.override({ pull: shown.number, sha: shown.headSha, gate }, login);
    comment({ world }, { login, body: `/orchestrate override ${gate} -- ${reason}`, issue: placeOf(shown) });
  });
}

function pushMain(
  { world }: Pick<Driver, "world">,
  made: { readonly tree: Tree; readonly login: string },
): void {
  const { sha } = world.commit({ tree: made.tree, base: null, parent: world.mainSha });
  world.branches.set(MAIN, sha);
  world.tell({ kind: "branch.pushed", repo: REPO, branch: MAIN, sha, sender: personOf(made.login) });
}

/** The files that a change writes (text) or takes away (null). */
function listChanges(tree: Tree, change: Changes): Readonly<Record<string, string | null>> {
  const edited = Object.entries(change.edit ?? {}).map(([path, places]) => [
    path,
    editText(tree, path, places),
  ]);
  const moved = Object.entries(change.move ?? {}).flatMap(([from, to]) => [
    [from, null],
    [to, tree[from] ?? ""],
  ]);
  const { long, many = 0 } = change;
  const lines = Array.from(
    { length: long?.lines ?? 0 },
    (_, index) => `export const value${index} = ${index};`,
  );
  return Object.fromEntries([
    ...edited,
    ...moved,
    ...Object.entries(change.write ?? {}),
    ...(change.remove ?? []).map((path) => [path, null]),
    ...(long === undefined ? [] : [[long.path, `${lines.join("\n")}\n`]]),
    ...Array.from({ length: many }, (_, index) => [
      `src/part-${index}.js`,
      `export const part = ${index};\n`,
    ]),
  ]);
}

function editText(tree: Tree, path: string, places: readonly (readonly [string, string])[]): string {
  return places.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`${path} does not have ${JSON.stringify(from)}`);
    return text.replace(from, () => to);
  }, tree[path] ?? "");
}

function applyChanges(tree: Tree, change: Changes): Tree {
  const next: Record<string, string> = { ...tree };
  for (const [path, text] of Object.entries(listChanges(tree, change))) {
    if (text === null) delete next[path];
    else next[path] = text;
  }
  return next;
}
