import type { PullNow } from "../../../src/core/facts.ts";
import type { Code, Issues, PullWanted, Runs } from "../../../src/ports/github.ts";
import type { Driver } from "./driver.ts";
import { ModelTrouble } from "./faults.ts";
import type { Mutant } from "./mutants.ts";
import { personOf } from "./people.ts";
import { listPulls, type Reading, readGroup } from "./sights.ts";
import { ISSUE, MAIN, type World } from "./world.ts";

const INPUTS = ["task", "attempt", "correlation", "base_sha", "from_run", "brief"];
/** A reading may show the head before the last one this long after it moved. */
const STALE_MS = 30_000;

/** What one event has read so far. */
export interface Read {
  head: Reading | null;
  config: World["config"] | null;
  /** The pull request that GitHub refused to show. */
  refused: number | null;
}

/** The production's ways to read GitHub, on the model. */
export function createReaders(driver: Driver, mutant: Mutant): { issues: Issues; code: Code; runs: Runs } {
  return { issues: createIssues(driver), code: createCode(driver, mutant), runs: createRuns(driver) };
}

function mayRead({ faults }: Driver): void {
  if (faults.take("read-fails") !== undefined) throw new ModelTrouble("502");
}

function createIssues(driver: Driver): Issues {
  const { world } = driver;
  const issueNow = () => {
    const { state, labels } = world.issue;
    const text = { title: "Correct the total", body: "It is wrong." };
    const reason = state === "closed" ? ("completed" as const) : null;
    return { number: ISSUE, state, stateReason: reason, ...text, labels, isPull: false, locked: false };
  };
  return {
    permissionOf: async (_repo, login) => {
      mayRead(driver);
      return world.voices.permissions.get(login) ?? "none";
    },
    issue: async () => {
      mayRead(driver);
      return issueNow();
    },
    blockedBy: async () => [],
    stateOf: async () => "unknown",
    labeledBy: async () => personOf("robin"),
    unlabeledBy: async (_repo, _issue, label) =>
      world.issue.labels.includes(label) ? undefined : personOf("robin"),
    hasLabel: async () => true,
    openIssuesWithLabel: async (_repo, label) => {
      const { state, labels } = world.issue;
      return state === "open" && labels.includes(label) ? [issueNow()] : [];
    },
  };
}

function createCode(driver: Driver, mutant: Mutant): Code {
  const { world, faults, read } = driver;
  const show = (reading: Reading | undefined, wanted: PullWanted): PullNow | undefined => {
    read.head = reading ?? null;
    const pull = reading === undefined ? undefined : (mutant.pull?.(reading.pull, driver) ?? reading.pull);
    return pull === undefined ? undefined : keepWanted(pull, wanted);
  };
  return {
    branchFacts: async () => {
      mayRead(driver);
      const { config, mainSha } = world;
      read.config = config;
      const facts = {
        branch: MAIN,
        sha: mainSha,
        configText: config.text,
        roadmapText: null,
        paths: {},
        workflows: { "agent.yml": INPUTS },
      };
      return mutant.facts?.(facts) ?? facts;
    },
    pull: async (_repo, number, wanted) => {
      mayRead(driver);
      if (world.pullNumbered(number)?.isUnreadable === true) {
        read.refused = number;
        throw new Error("GET pulls: 500");
      }
      const before = world.before.get(number);
      const isLate = before !== undefined && driver.now - before.at < STALE_MS;
      const isStale = isLate && faults.take("stale-read") !== undefined;
      return show(isStale ? before : world.read(number), wanted);
    },
    group: async (_repo, { sha }, wanted) => {
      mayRead(driver);
      return show(readGroup(world, sha), wanted);
    },
    openPulls: async () => {
      mayRead(driver);
      return listPulls(world);
    },
    fileAt: async () => undefined,
  };
}

/** What nobody asked for is not there. */
function keepWanted(pull: PullNow, wanted: PullWanted): PullNow {
  const { reviews, closes, owners, ...rest } = pull;
  return {
    ...rest,
    ...(wanted.reviews && reviews !== undefined && { reviews }),
    ...(wanted.closes && closes !== undefined && { closes }),
    ...(wanted.owners && owners !== undefined && { owners }),
  };
}

function createRuns(driver: Driver): Runs {
  const { world } = driver;
  return {
    run: async (_repo, id) => {
      mayRead(driver);
      return world.runNow(id);
    },
    runsOf: async (_repo, _workflow, correlation) =>
      world.runs.filter((run) => run.correlation === correlation).flatMap(({ id }) => world.runNow(id) ?? []),
    hasBegun: async () => true,
    resultFile: async (_repo, id) => {
      const text = world.runs.find((run) => run.id === id)?.result ?? null;
      return text === null ? { kind: "missing" } : { kind: "found", text, url: "https://github.test" };
    },
  };
}
