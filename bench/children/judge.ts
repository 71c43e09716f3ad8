import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../src/core/config/config.ts";
import { parseConfig } from "../../src/core/config/parse-config.ts";
import type { ReportSet } from "../../src/core/facts.ts";
import { type Evaluation, evaluatePull } from "../../src/core/gate/evaluate-pull.ts";
import type { GateSubject } from "../../src/core/gate/gate-rule.ts";
import type { Actor } from "../../src/core/repo.ts";
import { buildTask, NOW } from "../../test/support/build-task.ts";
import { type Change, NEW_FINDINGS, REPORTS, type Side } from "../make-large-pull.ts";
import { readPeakMemory } from "../read-peak-memory.ts";
import { answerParent } from "../start-child.ts";

/** Where `change.json` is, and the reports of each side in a folder of its own. */
export interface JudgeOrder {
  readonly dir: string;
}

export interface JudgeResult {
  readonly ms: number;
  /** Processor time of the thread that judges, which is what an idle machine comes near to. */
  readonly cpuMs: number;
  /** The most memory since the process began, and until everything was there that is judged; bytes. */
  readonly peak: number;
  readonly before: number;
}

const SHA = "c0ffee1234567890c0ffee1234567890c0ffee12";
const REPO_ID = 1_001;
const BRANCH = "feature/42-forecast";
const OWNER: Actor = { id: 8, login: "ada", type: "User" };

const CONFIG = `
version: 1
autonomy: merge
gates:
  size: { files: 3000, lines: 1000000 }
  owners: true
  reports:
    artifact: reports
    files: [${REPORTS.map(({ format, path }) => `{ format: ${format}, path: ${path} }`).join(", ")}]
  coverage: { lines: { min: 80, maxDrop: 0, changedMin: 80 } }
  metrics: [{ metric: r2, where: { sensitivity: high }, min: 0.65, minSamples: 5, better: higher, maxWorse: 0.02 }]
ceilings: [{ paths: [infra/**], autonomy: suggest }, { paths: [src/area-1/**], autonomy: draft-pr }]
windows: [{ name: new year, starts: "0 0 31 12 *", lasts: 2d }]
`;

answerParent<JudgeOrder>(async ({ dir }) => {
  const subject = makeSubject(dir);
  const before = readPeakMemory();
  const cpuBefore = process.threadCpuUsage();
  const startedAt = performance.now();
  const evaluation = evaluatePull(subject);
  const ms = performance.now() - startedAt;
  const { user, system } = process.threadCpuUsage(cpuBefore);
  checkVerdict(evaluation);
  return { ms, cpuMs: (user + system) / 1_000, before, peak: readPeakMemory() } satisfies JudgeResult;
});

function makeSubject(dir: string): GateSubject {
  const { files, owners } = JSON.parse(readFileSync(join(dir, "change.json"), "utf8")) as Change;
  return {
    pull: {
      number: 77,
      url: "https://github.test/acme/shop/pull/77",
      state: "open",
      merged: false,
      draft: false,
      headSha: SHA,
      headRef: BRANCH,
      headRepoId: REPO_ID,
      baseRef: "main",
      mergeable: true,
      author: { id: 5, login: "orchestrator[bot]", type: "Bot" },
      title: "Forecast demand",
      body: "Closes #42",
      changedFiles: files.length,
      files,
      checks: [
        {
          name: "test",
          slug: "github-actions",
          appId: 15_368,
          status: "completed",
          conclusion: "success",
          url: null,
        },
      ],
      pendingSuites: [],
      reports: { head: readReports(dir, "head"), base: readReports(dir, "base") },
      owners,
    },
    repoId: REPO_ID,
    work: {
      task: buildTask({ state: "verifying" }),
      publishedSha: SHA,
      branchPrefix: "feature/",
      baseRef: "main",
      isDocumentation: false,
    },
    queued: null,
    requester: { id: 7, login: "robin", type: "User" },
    pusher: null,
    approvals: { needed: 0, given: [{ sha: SHA, by: OWNER, at: NOW }] },
    elsewhereUntil: 0,
    overrides: [],
    config: readConfig(),
    defaultBranch: "main",
    ownAppId: 99,
    headSince: NOW,
    now: NOW,
  };
}

function readReports(dir: string, side: Side): ReportSet {
  const files = REPORTS.map(({ format, path }) => ({
    format,
    path,
    content: { kind: "found" as const, text: readFileSync(join(dir, side, path), "utf8") },
  }));
  return { kind: "found", files, url: "https://github.test/acme/shop/actions/runs/1" };
}

function readConfig(): Config {
  const parsed = parseConfig(CONFIG);
  if (!parsed.ok) throw new Error(`The configuration is wrong: ${JSON.stringify(parsed.problems)}`);
  return parsed.config;
}

/** A gate that could not read what it judges would be fast. */
function checkVerdict(evaluation: Evaluation): void {
  if (evaluation.kind === "pending") throw new Error(`No verdict: ${evaluation.waitingFor.join(", ")}`);
  const open = evaluation.verdict.gates.filter(({ verdict }) => verdict !== "PASS");
  const [findings, ...others] = open;
  const isRight = findings?.gate === "findings" && findings.delta === `+${NEW_FINDINGS}`;
  if (others.length > 0 || !isRight) throw new Error(`Another verdict: ${JSON.stringify(open, null, 2)}`);
}
