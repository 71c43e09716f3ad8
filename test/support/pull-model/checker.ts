import type { Effect } from "../../../src/core/effects.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import type { Pull } from "../../../src/core/pull/pull.ts";
import { isTerminal, type Task } from "../../../src/core/task/task.ts";
import type { Driver } from "./driver.ts";
import { judgeEnd } from "./judge-end.ts";
import { findMergeRefusals, findRefusals, type Standpoint } from "./oracle.ts";
import { isVerified, sayingOf, short, verifyCheckOf, type Writing } from "./own-checks.ts";
import type { Read } from "./readers.ts";
import type { Sight } from "./sights.ts";

/** What happened in a history, counted. */
export interface Counts {
  readonly verdicts: Map<string, number>;
  merges: number;
  /** Pull requests that the merge queue merged because of what we said. */
  queued: number;
}

/** A pull request or a commit of the merge queue as it was last read, and what spoke against it then. */
interface Seen {
  readonly sight: Sight;
  readonly refusals: readonly string[];
}

/** What the product knows to have a commit as its head. */
interface Head {
  readonly kind: Sight["kind"];
  readonly pull: number;
  readonly sha: string;
}

/** Watches every decision and every write, and holds them against the model's truth. */
export class Checker {
  readonly violations: string[] = [];
  readonly counts: Counts = { verdicts: new Map(), merges: 0, queued: 0 };
  readonly #driver: Driver;
  /** What the product last said of each commit. */
  readonly #said = new Map<string, string>();
  readonly #seen = new Map<string, Seen>();
  /** Commits that were the head of several things: what is shown of them may change without a verdict that does. */
  readonly #shared = new Set<string>();

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  /** A plan is about to be written; `read` is what it was made from. */
  seePlan(plan: Plan, { head, refused }: Read): void {
    const sight = head?.sight ?? null;
    if (sight !== null) this.#remember(plan, sight);
    for (const effect of plan.effects) {
      const check = verifyCheckOf(effect);
      if (check !== undefined) this.#decide(plan, check, sight);
      else if (effect.sort === "action" && effect.action.kind === "merge")
        this.#judgeOrder(effect.action.sha, sight);
    }
    for (const task of plan.tasks) this.#judgeTask(task);
    for (const pull of plan.pulls) this.#judgePull(pull);
    if (sight !== null) this.#judgeStanding(plan, sight);
    if (refused !== null) this.#judgeUnread(plan, refused);
  }

  #remember(plan: Plan, sight: Sight): void {
    this.#seen.set(keyOf(sight), { sight, refusals: this.#refuse(plan, sight) });
  }

  /** What speaks against a head by all that the product can know of it now. */
  #refuse(plan: Plan, sight: Sight): readonly string[] {
    const { now, knownRules } = this.#driver;
    return findRefusals({ ...sight, at: now }, knownRules, this.#standpointOf(plan, sight));
  }

  #standpointOf(plan: Plan, { kind, pull }: Sight): Standpoint {
    if (kind === "group") return "group";
    const isLive = this.#tasks(plan).some((task) => !isTerminal(task) && task.pull?.number === pull);
    return isLive ? "task" : "people";
  }

  #tasks(plan: Plan | null): readonly Task[] {
    const changed = (plan?.tasks ?? []).map((task) => [task.id, task] as const);
    return [...new Map([...this.#driver.ledger.tasks, ...changed]).values()];
  }

  /** Everything that the product knows to have a commit as its head, once the plan is written. */
  #headsAt(plan: Plan | null, sha: string): readonly Head[] {
    const changed = (plan?.pulls ?? []).map((pull) => [pull.id, pull] as const);
    const pulls = [...new Map([...this.#driver.ledger.pulls, ...changed]).values()]
      .filter((pull) => pull.state === "open")
      .map((pull) => ({ kind: pull.kind, pull: pull.number, sha: pull.headSha }));
    return [...this.#taskHeads(plan), ...pulls].filter((head) => head.sha === sha);
  }

  #taskHeads(plan: Plan | null): readonly Head[] {
    return this.#tasks(plan).flatMap((task) =>
      isTerminal(task) || task.pull === null
        ? []
        : [{ kind: "pull" as const, pull: task.pull.number, sha: task.pull.verdictSha ?? task.pull.headSha }],
    );
  }

  /** A PASS that was right once is taken back when it is seen that it is not any more. */
  #judgeStanding(plan: Plan, sight: Sight): void {
    const { headSha } = sight;
    if (this.#said.get(headSha) !== "success" || sight.state === "closed") return;
    const isWatched = this.#headsAt(plan, headSha).some(
      (head) => keyOf({ ...head, headSha }) === keyOf(sight),
    );
    if (!isWatched || this.#isBetweenCommits(plan, sight)) return;
    for (const why of this.#refuse(plan, sight))
      this.#violate(`PASS on ${short(headSha)} stands although ${why}`);
  }

  /** While the next commit is made, nothing is said about this one. */
  #isBetweenCommits(plan: Plan, { kind, pull }: Sight): boolean {
    const task = this.#tasks(plan).find((known) => !isTerminal(known) && known.pull?.number === pull);
    return kind === "pull" && task !== undefined && !isVerified(task);
  }

  /** What cannot be read in the end is not known to be right any more. */
  #judgeUnread(plan: Plan, number: number): void {
    for (const [sha, said] of this.#said) {
      const isHead = this.#headsAt(plan, sha).some((head) => head.kind === "pull" && head.pull === number);
      const task = this.#tasks(plan).find((known) => known.pull?.number === number);
      if (said === "success" && isHead && (task === undefined || isTerminal(task) || isVerified(task)))
        this.#violate(`PASS on ${short(sha)} stands although #${number} cannot be read`);
    }
  }

  #decide(plan: Plan, check: Writing, sight: Sight | null): void {
    const said = sayingOf(check);
    const before = this.#said.get(check.sha);
    if (before !== said) this.counts.verdicts.set(said, (this.counts.verdicts.get(said) ?? 0) + 1);
    this.#said.set(check.sha, said);
    if (this.#headsAt(plan, check.sha).length > 1) this.#shared.add(check.sha);
    this.#judgeMerged(check.sha, before, said);
    if (said === "neutral") return this.#judgeNeutral(plan, check.sha);
    if (said !== "success") return;
    for (const why of this.#findFalse(plan, check.sha))
      this.#violate(`false PASS on ${short(check.sha)}: ${why}`);
    const entry = plan.audit.find(({ kind, data }) => kind === "verdict.reached" && data.sha === check.sha);
    // What was ended for want of a configuration, or let through unjudged by one, comes back as it was: that is no new verdict.
    const isNews =
      before !== said &&
      before !== "cancelled" &&
      before !== "neutral" &&
      sight?.headSha === check.sha &&
      !this.#shared.has(check.sha);
    if (isNews && entry === undefined)
      this.#violate(`PASS on ${short(check.sha)} came without a trace in the audit`);
  }

  /** Every one of the heads that a commit is has to deserve the one check that it has. */
  #findFalse(plan: Plan, sha: string): readonly string[] {
    const heads = this.#headsAt(plan, sha);
    if (heads.length === 0) return ["it is the head of nothing"];
    return heads.flatMap((head) => {
      const seen = this.#seen.get(keyOf({ ...head, headSha: sha }));
      if (seen?.sight.headSha !== sha) return [`it is not the head of #${head.pull} that was read`];
      const own = seen.refusals.map((why) => `#${head.pull} into ${seen.sight.baseRef}: ${why}`);
      return head.kind === "group" ? [...own, ...this.#refuseQueued(head.pull)] : own;
    });
  }

  /** A commit of the merge queue is as good as the pull request that it was made of. */
  #refuseQueued(pull: number): readonly string[] {
    const seen = this.#seen.get(`pull:${pull}`);
    if (seen === undefined) return [`#${pull} was never read`];
    if (seen.sight.state === "closed") return [`#${pull} is closed`];
    return seen.refusals.map((why) => `#${pull}: ${why}`);
  }

  /** To GitHub a neutral check is as good as a success, so it is for people's work alone, and only where that is not judged. */
  #judgeNeutral(plan: Plan, sha: string): void {
    if (this.#driver.knownRules?.verify === true)
      this.#violate(`${short(sha)} is let through although people's work is verified`);
    for (const { pull } of this.#taskHeads(plan).filter((head) => head.sha === sha))
      this.#violate(`${short(sha)} is let through although it is the head of a task's #${pull}`);
  }

  /** What the queue has merged because of a PASS is not doubted afterwards by a check that waits. */
  #judgeMerged(sha: string, before: string | undefined, said: string): void {
    const group = this.#driver.world.groups.find((known) => known.sha === sha);
    if (group?.state === "merged" && before === "success" && (said === "in_progress" || said === "cancelled"))
      this.#violate(`the check of ${short(sha)}, which is merged, went from PASS to ${said}`);
  }

  #judgePull({ id, state, wakeAt }: Pull): void {
    if (state === "closed" && wakeAt !== null) this.#violate(`${id} is closed and is still looked at`);
    if (state === "open" && wakeAt === null) this.#violate(`${id} is open and nobody looks at it again`);
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
    const { sha, pull } = effect.action;
    const said = this.#said.get(sha);
    // A commit that is the head of several pull requests shows the worst of their verdicts.
    if (said !== "success" && this.#headsAt(null, sha).length < 2)
      return this.#violate(`merge of ${short(sha)} sent although the verdict is ${said}`);
    const sight = this.#seen.get(`pull:${pull}`)?.sight;
    const refusals =
      sight?.headSha === sha
        ? findMergeRefusals({ ...sight, at: this.#driver.now }, this.#driver.knownRules)
        : ["its head was not the one that was read last"];
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
    if (check !== undefined && !this.#said.has(check.sha))
      this.#violate(`a verdict was written on ${short(check.sha)}, which nobody judged`);
  }

  judgeEnd(): void {
    for (const what of judgeEnd(this.#driver, this.#said)) this.#violate(what);
  }

  #violate(what: string): void {
    if (!this.violations.includes(what)) this.violations.push(what);
  }
}

function keyOf({ kind, pull, headSha }: Pick<Sight, "kind" | "pull" | "headSha">): string {
  return kind === "group" ? `group:${headSha}` : `pull:${pull}`;
}
