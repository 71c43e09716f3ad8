import { isOurs } from "./checker.ts";
import type { Tree } from "./diff-texts.ts";
import { Driver } from "./driver.ts";
import type { Fault } from "./faults.ts";
import type { Mutant } from "./mutants.ts";
import { DEFAULT_RULES, type Rules } from "./rules.ts";
import { doStep, type Step } from "./steps.ts";

export interface History {
  readonly tree: Tree;
  readonly rules: Partial<Rules>;
  readonly steps: readonly Step[];
  readonly faults: readonly Fault[];
  /** Whether it has to end merged: nothing in it deserves anything else. */
  readonly isHonestAndGood: boolean;
}

/** How a history stands for people: what GitHub shows on the head, and the product's reasons. */
export interface Standing {
  readonly verdict: string;
  readonly gates: readonly string[];
  readonly merged: boolean;
  readonly state: string;
}

export interface Played {
  readonly driver: Driver;
  readonly standing: Standing;
  readonly violations: readonly string[];
  /** Expectations in the middle of it that did not hold. */
  readonly unseen: readonly string[];
}

const MINUTE_MS = 60_000;
/** Longer than anything that the product waits for by itself. */
const REST_MS = 7 * 60 * MINUTE_MS;
const VERDICTS: Readonly<Record<string, string>> = {
  success: "PASS",
  failure: "FAIL",
  action_required: "BLOCKED",
  cancelled: "superseded",
};

/** Plays a history to its end and holds everything against the model's truth. */
export async function playHistory(history: History, mutant?: Mutant): Promise<Played> {
  const { tree, faults } = history;
  const rules = { ...DEFAULT_RULES, ...history.rules };
  const driver = new Driver({ tree, rules, faults, ...(mutant === undefined ? {} : { mutant }) });
  const unseen: string[] = [];
  for (const [index, step] of history.steps.entries()) {
    await doStep(driver, step);
    if (step.see !== undefined) unseen.push(...findUnseen(standingOf(driver), step.see, `step ${index + 1}`));
  }
  await rest(driver);
  driver.checker.judgeEnd();
  const standing = standingOf(driver);
  const violations = [...driver.checker.violations];
  if (history.isHonestAndGood && !(standing.merged && standing.state === "done"))
    violations.push(`good work is not merged: ${JSON.stringify(standing)}`);
  return { driver, standing, violations, unseen };
}

/** Faults stop, reconciliation comes round twice, and time passes until nothing is waited for but people. */
async function rest(driver: Driver): Promise<void> {
  await driver.run(2 * MINUTE_MS);
  driver.faults.stop();
  await driver.run(11 * MINUTE_MS);
  driver.worker.dismiss();
  driver.endReconciling();
  await driver.run(REST_MS);
}

export function standingOf({ world, ledger }: Driver): Standing {
  const { pull } = world;
  const { task } = ledger;
  const check = (world.checks.get(pull?.headSha ?? "") ?? []).find(isOurs);
  const said = ledger.audit.findLast(
    ({ kind, data }) => kind === "verdict.reached" && data.sha === pull?.headSha,
  );
  const verdict =
    check === undefined ? "none" : check.status === "completed" ? VERDICTS[check.conclusion ?? ""] : "pending";
  return {
    verdict: verdict ?? "unknown",
    gates: task?.pull?.verdict && task.pull.verdictSha === pull?.headSha ? gatesOf(task.pull.verdict.gates) : said === undefined ? gatesOf(task?.feedback ?? []) : gatesSaid(said.data.gates),
    merged: pull?.merged ?? false,
    state: task?.state ?? "none",
  };
}

function gatesOf(gates: readonly { readonly gate: string; readonly verdict: string }[]): readonly string[] {
  return gates.filter(({ verdict }) => verdict !== "PASS").map(({ gate }) => gate);
}

function gatesSaid(gates: unknown): readonly string[] {
  if (!Array.isArray(gates)) return [];
  return gates
    .map((line) => String(line).split(" "))
    .filter(([, verdict]) => verdict !== "PASS")
    .map(([gate]) => gate ?? "");
}

/** What an expectation asks for and the standing does not have; `refused` is FAIL or BLOCKED. */
export function findUnseen(
  standing: Standing,
  wanted: { readonly verdict: string; readonly gate?: string | undefined },
  where: string,
): readonly string[] {
  const isRight =
    wanted.verdict === "refused"
      ? standing.verdict === "FAIL" || standing.verdict === "BLOCKED"
      : standing.verdict === wanted.verdict;
  const seen = JSON.stringify(standing);
  return [
    ...(isRight ? [] : [`${where}: ${wanted.verdict} is right, but it is ${seen}`]),
    ...(wanted.gate === undefined || standing.gates.includes(wanted.gate)
      ? []
      : [`${where}: gate ${wanted.gate} is to be named, but it is ${seen}`]),
  ];
}
