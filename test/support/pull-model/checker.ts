import type { Effect } from "../../../src/core/effects.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { isTerminal, type Task } from "../../../src/core/task/task.ts";
import type { Driver } from "./driver.ts";
import { findMergeRefusals, findRefusals } from "./oracle.ts";
import { OWN_APP } from "./people.ts";
import type { ModelCheck, ModelPull, Reading, Sight } from "./world.ts";

const VERIFY_CHECK = "orchestrator / verify";

/** What the product last said of a commit, and what it saw when it said so. */
interface Decision {
  readonly said: string;
  readonly sight: Sight | null;
}

/** What happened in a history, counted. */
export interface Counts {
  readonly verdicts: Map<string, number>;
  merges: number;
}

type Writing = Extract<Extract<Effect, { sort: "projection" }>["projection"], { kind: "check" }>;

/** Watches every decision and every write, and holds them against the model's truth. */
export class Checker {
  readonly violations: string[] = [];
  readonly counts: Counts = { verdicts: new Map(), merges: 0 };
  readonly #driver: Driver;
  readonly #decisions = new Map<string, Decision>();

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  /** A plan is about to be written; `reading` is the pull request that it was made from. */
  seePlan(plan: Plan, reading: Reading | null): void {
    const sight = reading?.sight ?? null;
    for (const effect of plan.effects) {
      const check = verifyCheckOf(effect);
      if (check !== undefined) this.#decide(check, sight);
      else if (effect.sort === "action" && effect.action.kind === "merge")
        this.#judgeOrder(effect.action.sha, sight);
    }
    for (const task of plan.tasks) this.#judgeTask(task);
    if (sight !== null) this.#judgeStanding(plan, sight);
  }

  /** A PASS that was right once is taken back when it is seen that it is not any more. */
  #judgeStanding(plan: Plan, sight: Sight): void {
    const { ledger, knownRules } = this.#driver;
    const isStanding = this.#decisions.get(sight.headSha)?.said === "success";
    const task = plan.tasks.at(-1) ?? ledger.task;
    const isDecided = plan.effects.some((effect) => verifyCheckOf(effect)?.sha === sight.headSha);
    if (!isStanding || isDecided || task === undefined || sight.state === "closed" || !isVerified(task))
      return;
    for (const why of findRefusals(sight, knownRules))
      this.#violate(`PASS on ${short(sight.headSha)} stands although ${why}`);
  }

  #decide(check: Writing, sight: Sight | null): void {
    const said = sayingOf(check);
    const before = this.#decisions.get(check.sha);
    if (before?.said !== said) this.counts.verdicts.set(said, (this.counts.verdicts.get(said) ?? 0) + 1);
    this.#decisions.set(check.sha, { said, sight });
    if (said !== "success") return;
    if (sight === null || sight.headSha !== check.sha)
      return this.#violate(`PASS on ${short(check.sha)}, which was not the head that was read`);
    for (const why of findRefusals(sight, this.#driver.knownRules))
      this.#violate(`false PASS on ${short(check.sha)}: ${why}`);
  }

  #judgeOrder(sha: string, sight: Sight | null): void {
    if (sight === null || sight.headSha !== sha)
      return this.#violate(`merge of ${short(sha)} ordered, which was not the head that was read`);
    for (const why of findMergeRefusals(sight, this.#driver.knownRules))
      this.#violate(`merge of ${short(sha)} ordered although ${why}`);
  }

  #judgeTask(task: Task): void {
    if (isTerminal(task)) {
      if (task.wakeAt !== null) this.#violate(`the task is ${task.state} and is still looked at`);
    } else if (task.reasons.length === 0 || task.wakeAt === null) {
      this.#violate(`the task is ${task.state} without a reason or a deadline`);
    }
  }

  /** An effect goes out now: what was true when it was ordered may not be any more. */
  seeSend(effect: Effect): void {
    if (effect.sort !== "action" || effect.action.kind !== "merge") return;
    const { sha } = effect.action;
    const decision = this.#decisions.get(sha);
    if (decision?.said !== "success")
      return this.#violate(`merge of ${short(sha)} sent although the verdict is ${decision?.said}`);
    const refusals =
      decision.sight === null ? [] : findMergeRefusals(decision.sight, this.#driver.knownRules);
    for (const why of refusals) this.#violate(`merge of ${short(sha)} sent although ${why}`);
    if (this.#driver.ledger.task?.held)
      this.#violate(`merge of ${short(sha)} sent although the task is held`);
  }

  /** GitHub has merged something for us. */
  seeMerge(ordered: Effect): void {
    this.counts.merges += 1;
    if (ordered.sort !== "action" || ordered.action.kind !== "merge") return;
    const { pull, sha } = ordered.action;
    const merged = this.#driver.world.pulls.find(({ number }) => number === pull);
    if (merged?.headSha !== sha)
      this.#violate(`${short(merged?.headSha ?? "")} was merged, but the verdict was for ${short(sha)}`);
  }

  seeWrite(effect: Effect): void {
    const check = verifyCheckOf(effect);
    if (check !== undefined && !this.#decisions.has(check.sha))
      this.#violate(`a verdict was written on ${short(check.sha)}, which nobody judged`);
  }

  /** Faults have stopped and everything had its time: nothing may be left half done. */
  judgeEnd(): void {
    const { world, ledger, now } = this.#driver;
    const own = [...world.checks].flatMap(([sha, checks]) =>
      checks.filter(isOurs).map((check) => ({ sha, check })),
    );
    for (const { sha, check } of own) {
      const decided = this.#decisions.get(sha)?.said;
      if (check.status !== "completed") this.#violate(`the check on ${short(sha)} is never completed`);
      else if (check.conclusion !== decided)
        this.#violate(`the check on ${short(sha)} says ${check.conclusion}, the last verdict was ${decided}`);
    }
    const doubled = own.filter(({ sha }, index) => own.findIndex((other) => other.sha === sha) !== index);
    for (const { sha } of doubled) this.#violate(`two checks of ours on ${short(sha)}`);
    const task = ledger.task;
    if (task === undefined) return this.#judgeIntake();
    if (task.wakeAt !== null && task.wakeAt < now) this.#violate(`the task is stuck in ${task.state}`);
    this.#judgeHead(task);
  }

  #judgeIntake(): void {
    const { state, labels } = this.#driver.world.issue;
    if (state === "open" && labels.includes("autopilot"))
      this.#violate("the issue was handed over and has no task");
  }

  #judgeHead(task: Task): void {
    const { world } = this.#driver;
    const open = world.pulls.filter((pull) => pull.state === "open");
    const isWatched = isVerified(task) && !task.reasons.some(({ code }) => code === "merge.refused");
    for (const pull of open) {
      const { headSha, number } = pull;
      const hasVerdict = (world.checks.get(headSha) ?? []).some(isOurs);
      if (isWatched && number === task.pull?.number && !hasVerdict)
        this.#violate(`the head ${short(headSha)} never got a verdict`);
      if (task.state === "cancelled" && isLeftOf(pull, task))
        this.#violate(`pull request #${number} of a cancelled task is left open`);
    }
  }

  #violate(what: string): void {
    if (!this.violations.includes(what)) this.violations.push(what);
  }
}

/** Whether a pull request was opened for a task and is nobody else's: whoever reopens or redirects it has taken it over. */
function isLeftOf({ openedFor, wasReopened, baseRef, firstBase }: ModelPull, { id }: Task): boolean {
  return openedFor.startsWith(`${id}.`) && !wasReopened && baseRef === firstBase;
}

/** While the next commit is made, nothing is said about this one. */
function isVerified(task: Task): boolean {
  const isWatched = task.state === "verifying" || task.state === "blocked";
  return isWatched && !task.reasons.some(({ code }) => code === "publish.pending");
}

function verifyCheckOf(effect: Effect): Writing | undefined {
  if (effect.sort !== "projection" || effect.projection.kind !== "check") return undefined;
  return effect.projection.name === VERIFY_CHECK ? effect.projection : undefined;
}

function sayingOf({ status, conclusion }: Writing): string {
  return status === "completed" ? String(conclusion) : status;
}

/** Whether a check is our verdict. */
export function isOurs({ appId, name }: ModelCheck): boolean {
  return appId === OWN_APP && name === VERIFY_CHECK;
}

function short(sha: string): string {
  return sha.slice(0, 8);
}
