import { REPO } from "../build-snapshot.ts";
import { hasPull, PULL_PATIENCE_MS, withPull } from "./await-pull.ts";
import { applyChanges, listChanges } from "./change-files.ts";
import type { Driver } from "./driver.ts";
import { makeBranch, pushHead, pushMain } from "./move-branches.ts";
import { FORK_ID, openPull } from "./open-pull.ts";
import { ACTIONS_APP, OTHER_APP, OWN_APP, personOf } from "./people.ts";
import { dequeue, enqueue } from "./queue.ts";
import { DEFAULT_RULES, writeConfig } from "./rules.ts";
import { approve, comment, override, placeOf } from "./speak.ts";
import { type Arguments, kindOfStep, type Step, type StepKind } from "./step.ts";
import { baseOf } from "./voices.ts";
import { ISSUE } from "./world.ts";

const SECOND_MS = 1000;

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
  comment: ({ world }, { by: login, body }) => comment(world, { login, body, issue: ISSUE }),
  unapprove: (driver, { by: login }) =>
    withPull(driver, (pull) => {
      const { world } = driver;
      const id = comment(world, { login, body: "/orchestrate unapprove", issue: placeOf(pull) });
      world.voices.unapprove(pull.number, login, id);
    }),
  override,
  review: (driver, { by: login, is, sha }) =>
    withPull(driver, (pull) => {
      const { world } = driver;
      const { number, headSha } = pull;
      const seen = sha === "head" ? headSha : (world.commitOf(headSha).parent ?? headSha);
      const said = { pull: number, by: personOf(login), sha: seen, base: baseOf(pull), at: world.now };
      world.voices.review(said, is);
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
    pushMain(world, { tree, login });
  },
  mergeable: (driver, said) =>
    withPull(driver, (pull) => {
      pull.mergeableSaid = said === "truth" ? undefined : said;
    }),
  configure: ({ world }, change) => {
    const rules = { ...(world.config.rules ?? DEFAULT_RULES), ...change };
    world.config = { text: writeConfig(rules), rules };
    world.wasShadow ||= rules.mode === "shadow";
    pushMain(world, { tree: world.commitOf(world.mainSha).tree, login: "bob" });
  },
  breakConfig: ({ world }) => {
    world.config = { text: "version: 1\nautonmy: merge\n", rules: null };
    pushMain(world, { tree: world.commitOf(world.mainSha).tree, login: "bob" });
  },
  dropConfig: ({ world }) => {
    world.config = { text: null, rules: null };
    pushMain(world, { tree: world.commitOf(world.mainSha).tree, login: "bob" });
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

async function doKind<K extends Exclude<StepKind, "see">>(
  driver: Driver,
  kind: K,
  step: Step,
): Promise<void> {
  const doing: Doing<K> = STEPS[kind];
  const given = step[kind];
  if (given !== undefined) await doing(driver, given as Arguments[K]);
}
