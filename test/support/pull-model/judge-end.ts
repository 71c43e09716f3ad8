import { pullId } from "../../../src/core/pull/pull.ts";
import { isTerminal, type Task } from "../../../src/core/task/task.ts";
import { REPO } from "../build-snapshot.ts";
import type { Driver } from "./driver.ts";
import { findRefusals } from "./oracle.ts";
import { isOurs, isVerified, short } from "./own-checks.ts";
import type { ModelPull } from "./world.ts";

/** A look may take a while, since what cannot be read is tried several times. */
const LOOK_MS = 120_000;

/** Faults have stopped and everything had its time: what is half done, or wrong by what is so; `said` is the last word of each commit. */
export function judgeEnd(driver: Driver, said: ReadonlyMap<string, string>): readonly string[] {
  const { world } = driver;
  return [
    ...judgeChecks(driver, said),
    ...world.pulls.filter(({ state }) => state === "open").flatMap((pull) => judgeOpen(driver, pull)),
    ...judgeDeadlines(driver),
    ...judgeTask(driver),
  ];
}

function judgeChecks({ world }: Driver, said: ReadonlyMap<string, string>): readonly string[] {
  return [...world.checks].flatMap(([sha, checks]) => {
    const own = checks.filter(isOurs);
    const open = own.filter((check) => check.status !== "completed");
    const other = own.filter((check) => !open.includes(check) && check.conclusion !== said.get(sha));
    return [
      ...open.map(() => `the check on ${short(sha)} is never completed`),
      ...other.map(
        ({ conclusion }) =>
          `the check on ${short(sha)} says ${conclusion}, the last verdict was ${said.get(sha)}`,
      ),
      ...(own.length > 1 ? [`two checks of ours on ${short(sha)}`] : []),
    ];
  });
}

function judgeDeadlines({ ledger, now }: Driver): readonly string[] {
  return [...ledger.pulls.values()]
    .filter(({ wakeAt }) => wakeAt !== null && wakeAt + LOOK_MS < now)
    .map(({ id }) => `${id} waits for a look that never comes`);
}

function judgeTask({ world, ledger, now, hasTask }: Driver): readonly string[] {
  const { task } = ledger;
  const { state, labels } = world.issue;
  if (task === undefined) {
    const isAsked = hasTask && state === "open" && labels.includes("autopilot");
    return isAsked ? ["the issue was handed over and has no task"] : [];
  }
  // In shadow mode nothing is closed, for good, and the task says so.
  const isLeftAlone =
    world.wasShadow && task.history.some(({ text }) => text.includes("are left as they are"));
  const isToClose = task.state === "cancelled" && !isLeftAlone;
  // Of one whose number nobody ever told the task, a person who pushed onto it has taken it over.
  const isTakenOver = ({ headSha }: ModelPull) =>
    task.pull === null && world.commitOf(headSha).attempt === null;
  const left = world.pulls.filter(
    (pull) => pull.state === "open" && isToClose && isLeftOf(pull, task) && !isTakenOver(pull),
  );
  return [
    ...(task.wakeAt !== null && task.wakeAt < now ? [`the task is stuck in ${task.state}`] : []),
    ...left.map(({ number }) => `pull request #${number} of a cancelled task is left open`),
  ];
}

/** In the end every open head has its verdict, and a PASS is right by what is so and not only by what was seen. */
function judgeOpen(driver: Driver, pull: ModelPull): readonly string[] {
  const task = liveTaskOf(driver, pull);
  if (!isJudged(driver, pull, task)) return [];
  const { world, now } = driver;
  const { number, headSha, isUnreadable } = pull;
  const rules = world.config.text === null ? null : (world.config.rules ?? driver.knownRules);
  const check = (world.checks.get(headSha) ?? []).find(isOurs);
  if (check === undefined && rules !== null && !isUnreadable)
    return [`the head ${short(headSha)} of #${number} never got a verdict`];
  const sight = world.read(number)?.sight;
  if (check?.conclusion !== "success" || sight === undefined) return [];
  const refusals = findRefusals({ ...sight, at: now }, rules, task === undefined ? "people" : "task");
  return [
    ...(isUnreadable ? [`PASS on ${short(headSha)} stands although #${number} cannot be read`] : []),
    ...refusals.map((why) => `PASS on ${short(headSha)} stands in the end although #${number}: ${why}`),
  ];
}

function liveTaskOf({ ledger }: Driver, pull: ModelPull): Task | undefined {
  return [...ledger.tasks.values()].find(
    (task) => !isTerminal(task) && (task.pull?.number === pull.number || isOpenedFor(pull, task)),
  );
}

/** Whether something has to be said of a head: not while the next one is made, and not of what could never be read. */
function isJudged(driver: Driver, { number, isUnreadable }: ModelPull, task: Task | undefined): boolean {
  if (task !== undefined)
    return isVerified(task) && !task.reasons.some(({ code }) => code === "merge.refused");
  const isKnown = driver.ledger.pulls.has(pullId(REPO.id, number));
  return driver.knownRules?.verify !== false && (isKnown || !isUnreadable);
}

/** Whether a pull request was opened for a task and is nobody else's: whoever reopens or redirects it has taken it over. */
function isLeftOf(pull: ModelPull, task: Task): boolean {
  return isOpenedFor(pull, task) && !pull.wasReopened && pull.baseRef === pull.firstBase;
}

function isOpenedFor({ openedFor }: ModelPull, { id }: Task): boolean {
  return openedFor?.startsWith(`${id}.`) === true;
}
