import type { Pull } from "../../../src/core/pull/pull.ts";
import { treeOf } from "./bases.ts";
import { Driver } from "./driver.ts";
import type { Fault } from "./faults.ts";
import type { Mutant } from "./mutants.ts";
import { isOurs } from "./own-checks.ts";
import { DEFAULT_RULES, type Rules } from "./rules.ts";
import type { Step } from "./step.ts";
import { doStep } from "./steps.ts";
import type { ModelCheck, ModelPull } from "./world.ts";

export interface History {
  /** Name of the repository it plays in. */
  readonly base: string;
  readonly rules: Partial<Rules>;
  readonly steps: readonly Step[];
  readonly faults: readonly Fault[];
  /** How it has to end, where nothing in it deserves anything else; null where something does. */
  readonly goal: "merged" | "passed" | null;
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
  /** Good work that was not let through: wrong in the other direction, and allowed once in fifty times. */
  readonly isKeptBack: boolean;
  /** Expectations in the middle of it that did not hold. */
  readonly unseen: readonly string[];
}

const MINUTE_MS = 60_000;
/** Longer than anything that the product waits for by itself. */
const REST_MS = 9 * 60 * MINUTE_MS;
const VERDICTS: Readonly<Record<string, string>> = {
  success: "PASS",
  failure: "FAIL",
  action_required: "BLOCKED",
  cancelled: "superseded",
  neutral: "unjudged",
};

/** Plays a history to its end and holds everything against the model's truth. */
export async function playHistory(history: History, mutant?: Mutant): Promise<Played> {
  const { base, faults } = history;
  const rules = { ...DEFAULT_RULES, ...history.rules };
  const driver = new Driver({
    tree: treeOf(base),
    rules,
    faults,
    hasTask: history.steps.some((step) => step.work !== undefined),
    ...(mutant === undefined ? {} : { mutant }),
  });
  const unseen: string[] = [];
  for (const [index, step] of history.steps.entries()) {
    await doStep(driver, step);
    if (step.see !== undefined) {
      const standing = standingOf(driver, { name: step.pull, on: step.see.on });
      unseen.push(...findUnseen(standing, step.see, `step ${index + 1}`));
    }
  }
  await rest(driver);
  driver.checker.judgeEnd();
  const standing = standingOf(driver);
  const isKeptBack = history.goal !== null && !REACHED[history.goal](standing);
  return { driver, standing, violations: driver.checker.violations, isKeptBack, unseen };
}

const REACHED: Readonly<Record<NonNullable<History["goal"]>, (standing: Standing) => boolean>> = {
  merged: ({ merged, state }) => merged && (state === "done" || state === "none"),
  passed: ({ verdict }) => verdict === "PASS",
};

/** Faults stop, reconciliation comes round often enough, and time passes until nothing is waited for but people. */
async function rest(driver: Driver): Promise<void> {
  await driver.run(2 * MINUTE_MS);
  driver.faults.stop();
  await driver.run(16 * MINUTE_MS);
  driver.worker.dismiss();
  driver.reconcileRarely();
  await driver.run(REST_MS);
}

export function standingOf(
  driver: Driver,
  about: { readonly name?: string | undefined; readonly on?: "head" | "group" } = {},
): Standing {
  const { world, ledger } = driver;
  const pull = about.name === undefined ? world.pull : world.pullCalled(about.name);
  const sha = about.on === "group" ? world.groupOf(pull)?.sha : pull?.headSha;
  const check = (world.checks.get(sha ?? "") ?? []).find(isOurs);
  return {
    verdict: check === undefined ? "none" : wordFor(check),
    gates: gatesNamed(driver, { pull, sha }),
    merged: pull?.merged ?? false,
    state: ledger.task?.state ?? "none",
  };
}

function wordFor({ status, conclusion }: ModelCheck): string {
  return status === "completed" ? (VERDICTS[conclusion ?? ""] ?? "unknown") : "pending";
}

/** The gates that did not pass: those of the head's verdict, or what the last attempt was told. */
function gatesNamed(
  { ledger }: Driver,
  { pull, sha }: { readonly pull: ModelPull | undefined; readonly sha: string | undefined },
): readonly string[] {
  const { pull: own, feedback = [] } = ledger.task ?? {};
  const isAbout = (known: Pull) =>
    known.headSha === sha && (known.kind === "group" || known.number === pull?.number);
  const known = [...ledger.pulls.values()].find((record) => record.state === "open" && isAbout(record));
  if (known?.verdict) return gatesOf(known.verdict.gates);
  if (own?.verdict && own.number === pull?.number && own.verdictSha === sha)
    return gatesOf(own.verdict.gates);
  const said = ledger.audit.findLast(({ kind, data }) => kind === "verdict.reached" && data.sha === sha);
  return said === undefined ? gatesOf(feedback) : gatesSaid(said.data.gates);
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
