import type { Actor } from "../../core/repo.ts";
import { HOUR_MS, MINUTE_MS, REPO, SECOND_MS } from "../context.ts";
import type { Random } from "../random.ts";
import type { ModelIssue, ModelPull } from "../world/model.ts";
import { MAIN, type World } from "../world/world.ts";
import { ACCOUNTS } from "./accounts.ts";
import { comment, findPull, isPullOf } from "./reviewers.ts";

interface Scene {
  readonly world: World;
  readonly issue: ModelIssue;
  readonly random: Random;
  readonly by: Actor;
  readonly pull: ModelPull | undefined;
  readonly checkHead: (pull: ModelPull) => void;
}

const LINES = [
  "/orchestrate hold",
  "/orchestrate unhold",
  "/orchestrate retry",
  "/orchestrate retry --reset-budget",
  "/orchestrate cancel",
  "/orchestrate run",
  "/orchestrate priority p0",
  "/orchestrate priority p3",
  "/orchestrate status",
  "/orchestrate why",
  "/orchestrate queue",
  "/orchestrate pause",
  "/orchestrate stop -- something is wrong",
  "/orchestrate resume",
  "/orchestrate override checks -- known to be flaky",
  "/orchestrate aprove",
  "What is the state of this?",
] as const;

/** What people do to an issue or its pull request without asking whether it fits; one row each. */
const MEDDLING: readonly ((scene: Scene) => void)[] = [
  ({ world, issue, by, random }) => comment(world, issue.number, { by, body: random.pick(LINES) ?? "" }),
  ({ world, issue, by, random }) => comment(world, issue.number, { by, body: random.pick(LINES) ?? "" }),
  ({ world, issue, pull, by }) => {
    if (pull !== undefined)
      comment(world, issue.number, { by, body: `/orchestrate approve ${pull.headSha}` });
  },
  pushToPull,
  ({ world, pull, by }) => {
    if (pull !== undefined && isWriter(by)) world.closePull(pull, by);
  },
  ({ world, pull, by }) => {
    if (pull !== undefined && isWriter(by)) world.mergePull(pull, by);
  },
  ({ world, issue, by, random }) => {
    if (isWriter(by)) world.closeIssue(issue, by, random.chance(0.5) ? "completed" : "not_planned");
  },
  relabel,
  relabel,
  relabelState,
  pushBack,
  retarget,
  ({ world, pull, by }) => {
    if (pull === undefined || !isWriter(by)) return;
    pull.draft = !pull.draft;
    world.tellPull(pull, by, { action: pull.draft ? "converted_to_draft" : "ready_for_review" });
  },
  ({ world, issue, by }) => {
    if (isWriter(by)) world.reopenIssue(issue, by);
  },
  ({ world, issue, by }) => {
    const closed = [...world.pulls.values()].find(
      (known) => known.state === "closed" && isPullOf(known, issue),
    );
    if (closed !== undefined && isWriter(by)) world.reopenPull(closed, by);
  },
  ({ world, issue, by, random }) => {
    if (isWriter(by) && random.chance(0.3)) world.deleteIssue(issue, by);
  },
  editComment,
  editText,
  deleteComment,
];

/** People who do what they like, each hour, at random. */
export function startMeddling(world: World, checkHead: (pull: ModelPull) => void): void {
  const { timeline, faults } = world.context;
  if (!faults.isOn("people.meddle")) return;
  const turn = (): void => {
    for (const issue of [...world.issues.values()]) {
      if (issue.openedBy !== ACCOUNTS.robin || !faults.hits("people.meddle")) continue;
      timeline.at(timeline.now + faults.random.between(0, HOUR_MS), () => {
        if (faults.isOn("people.meddle")) meddle(world, issue, checkHead);
      });
    }
    timeline.at(timeline.now + HOUR_MS, turn);
  };
  timeline.at(timeline.now + HOUR_MS, turn);
}

/** Somebody who does not wait for the checks of a new head. */
export function rush(world: World, pull: ModelPull, checkHead: (pull: ModelPull) => void): void {
  const { timeline, faults } = world.context;
  const issue = world.issues.get(Number(/\/(\d+)/u.exec(pull.headRef)?.[1]));
  if (issue === undefined || !faults.hits("people.rush")) return;
  const { random } = faults;
  const by = ACCOUNTS.bob;
  const act = random.pick([
    pushToPull,
    pushBack,
    retarget,
    () => world.closePull(pull, by),
    () => comment(world, issue.number, { by, body: "/orchestrate cancel" }),
    () => world.mergePull(pull, by),
    () => comment(world, issue.number, { by: ACCOUNTS.robin, body: `/orchestrate approve ${pull.headSha}` }),
    () => comment(world, issue.number, { by: ACCOUNTS.dora, body: `/orchestrate approve ${pull.headSha}` }),
  ] as const);
  timeline.at(timeline.now + random.between(1, 240) * SECOND_MS, () => {
    if (pull.state === "open") act({ world, issue, random, by, pull, checkHead });
  });
}

function meddle(world: World, issue: ModelIssue, checkHead: (pull: ModelPull) => void): void {
  const { random } = world.context.faults;
  const by = random.pick(Object.values(ACCOUNTS));
  const act = random.pick(MEDDLING);
  if (by === undefined || act === undefined || (issue.state === "closed" && random.chance(0.8))) return;
  act({ world, issue, random, by, pull: findPull(world, issue.number), checkHead });
}

function isWriter({ login }: Actor): boolean {
  return login === "robin" || login === "alice" || login === "bob" || login === "carol";
}

/** Whoever may triage may label; who changes a label often changes it back. */
function relabel({ world, issue, by, random }: Scene): void {
  if (!isWriter(by) && by.login !== "dora") return;
  const { timeline } = world.context;
  const { label } = world.config;
  const toggle = () => world.setLabel(issue, label, { by, isOn: !issue.labels.includes(label) });
  toggle();
  for (let more = random.between(0, 3); more > 0; more -= 1)
    timeline.at(timeline.now + more * random.between(1, 5) * MINUTE_MS, toggle);
}

function pushToPull({ world, pull, by, checkHead }: Scene): void {
  if (pull === undefined || !isWriter(by)) return;
  const head = world.commit(pull.headSha);
  const tree = new Map([...head.tree, ["src/by-hand.ts", `export const by = "${by.login}${world.now}";\n`]]);
  const { sha } = world.addCommit({ parent: head.sha, attempt: null, tree, base: head.base });
  world.context.recorder.deed(by.login, { what: "pushed", branch: pull.headRef, sha });
  world.moveBranch(pull.headRef, sha, by);
  checkHead(pull);
}

/** What shows a task's state is the app's, and people change it all the same. */
function relabelState({ world, issue, by }: Scene): void {
  const shown = issue.labels.find((label) => label.startsWith(`${world.config.label}:`));
  if (shown !== undefined && isWriter(by)) world.setLabel(issue, shown, { by, isOn: false });
}

/** The head becomes the commit that it was before. */
function pushBack({ world, pull, by }: Scene): void {
  if (pull === undefined || pull.before === null || !isWriter(by)) return;
  const { sha } = pull.before;
  world.context.recorder.deed(by.login, { what: "pushed", branch: pull.headRef, sha });
  world.moveBranch(pull.headRef, sha, by);
}

/** The pull request is to go into another branch, for a while or for good. */
function retarget({ world, pull, by, random }: Scene): void {
  if (pull === undefined || !isWriter(by)) return;
  const turn = (baseRef: string) => {
    pull.baseRef = baseRef;
    world.tellPull(pull, by, { action: "edited" });
  };
  turn("release");
  const { timeline } = world.context;
  if (random.chance(0.7)) timeline.at(timeline.now + random.between(1, 60) * MINUTE_MS, () => turn(MAIN));
}

/** An order that was not there when the comment was written. */
function editComment({ world, issue, by, random }: Scene): void {
  const said = [...world.comments.values()].filter(
    (known) => known.issue === issue.number && known.key === null,
  );
  const edited = random.pick(said);
  if (edited === undefined) return;
  const { id, body: before } = edited;
  edited.body = `${before}\n/orchestrate cancel`;
  const { body } = edited;
  world.tell({
    kind: "comment.edited",
    repo: REPO,
    issue: issue.number,
    sender: by,
    commentId: id,
    body,
    before,
  });
}

function editText({ world, issue, by }: Scene): void {
  issue.body = `${issue.body} And one thing more.`;
  world.context.recorder.deed(by.login, { what: "issue.edited", issue: issue.number });
  world.tell({
    kind: "issue.edited",
    repo: REPO,
    issue: issue.number,
    sender: by,
    text: world.textOf(issue),
  });
}

function deleteComment({ world, issue, by, random }: Scene): void {
  const own = [...world.comments.values()].filter(
    (known) => known.issue === issue.number && known.key !== null,
  );
  const victim = random.pick(own);
  if (victim === undefined || !isWriter(by)) return;
  world.comments.delete(victim.id);
  world.context.recorder.deed(by.login, { what: "comment.deleted", comment: victim.id, issue: issue.number });
  world.tell({
    kind: "comment.deleted",
    repo: REPO,
    issue: issue.number,
    sender: by,
    commentId: victim.id,
  });
}
