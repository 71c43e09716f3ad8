import type { Config, GatesConfig } from "../../../src/core/config/config.ts";
import { parseConfig } from "../../../src/core/config/parse-config.ts";
import type { ChangedFile, CheckNow, PendingSuite, PullNow } from "../../../src/core/facts.ts";
import type { GateAnswer, GateRule, GateSubject, TaskWork } from "../../../src/core/gate/gate-rule.ts";
import { buildConfigText } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, HOUR_MS, NOW } from "../../support/build-task.ts";

export const HEAD = "c0ffee1234567890c0ffee1234567890c0ffee12";
export const OTHER_SHA = "deadbee1234567890deadbee1234567890deadbe";
export const OWN_APP = 99;
export const ACTIONS_APP = 15368;
export const MINUTE_MS = 60_000;

export function buildCheck(overrides: Partial<CheckNow> = {}): CheckNow {
  return {
    name: "test",
    slug: "github-actions",
    appId: ACTIONS_APP,
    status: "completed",
    conclusion: "success",
    url: "https://github.test/acme/shop/runs/1",
    ...overrides,
  };
}

export function buildSuite(overrides: Partial<PendingSuite> = {}): PendingSuite {
  return {
    app: "GitHub Actions",
    slug: "github-actions",
    appId: ACTIONS_APP,
    status: "in_progress",
    runs: 1,
    ...overrides,
  };
}

/** A changed file whose counts follow its patch, as GitHub's do. */
export function buildFile(overrides: Partial<ChangedFile> = {}): ChangedFile {
  const patch = overrides.patch === undefined ? patchOf(" const a = 1;", "+const b = 2;") : overrides.patch;
  const count = (sign: string) => (patch ?? "").split("\n").filter((line) => line.startsWith(sign)).length;
  return {
    path: "src/price.ts",
    previousPath: null,
    status: "modified",
    additions: count("+"),
    deletions: count("-"),
    ...overrides,
    patch,
  };
}

/** One hunk of the given signed lines. */
export function patchOf(...lines: readonly string[]): string {
  const before = lines.filter((line) => !/^[+\\]/u.test(line)).length;
  const after = lines.filter((line) => !/^[-\\]/u.test(line)).length;
  return [`@@ -1,${before} +1,${after} @@ describe`, ...lines].join("\n");
}

export function buildPull(overrides: Partial<PullNow> = {}): PullNow {
  const files = overrides.files === undefined ? [buildFile()] : overrides.files;
  return {
    number: 77,
    url: "https://github.test/acme/shop/pull/77",
    state: "open",
    merged: false,
    draft: false,
    headSha: HEAD,
    headRef: "fix/42-forecast-demand-of-small-shops",
    headRepoId: 1001,
    baseRef: "main",
    mergeable: true,
    author: { id: 5, login: "orchestrator[bot]", type: "Bot" },
    title: "Forecast demand",
    body: "",
    changedFiles: files?.length ?? 1,
    checks: [buildCheck()],
    pendingSuites: [],
    ...overrides,
    files,
  };
}

const parsed = parseConfig(buildConfigText());
if (!parsed.ok) throw new Error("the built configuration is not valid");
const { config } = parsed;

export function buildGates(overrides: Partial<GatesConfig> = {}): GatesConfig {
  return {
    ...config.gates,
    checks: { required: [] },
    paths: { allow: [], protect: [".github/**", "**/CODEOWNERS", "**/package-lock.json"] },
    size: { files: 100, lines: 2000 },
    assertions: true,
    approvals: 1,
    ...overrides,
  };
}

/** The task whose pull request is judged. */
export function buildWork(overrides: Partial<TaskWork> = {}): TaskWork {
  return {
    task: buildTask({ state: "verifying", pull: buildTaskPull() }),
    publishedSha: HEAD,
    branchPrefix: "fix/",
    baseRef: "main",
    isDocumentation: false,
    ...overrides,
  };
}

/** Everything of it passes, so that each test says what it breaks. */
export function buildSubject(
  overrides: Omit<Partial<GateSubject>, "pull" | "config"> & {
    readonly pull?: Partial<PullNow>;
    readonly gates?: Partial<GatesConfig>;
    readonly config?: Partial<Config>;
  } = {},
): GateSubject {
  const { pull, gates, config: other, ...own } = overrides;
  return {
    repoId: 1001,
    work: buildWork(),
    queued: null,
    requester: { id: 7, login: "robin", type: "User" },
    pusher: null,
    approvals: { needed: 0, given: [] },
    elsewhereUntil: 0,
    overrides: [],
    defaultBranch: "main",
    ownAppId: OWN_APP,
    headSince: NOW - HOUR_MS,
    now: NOW,
    ...own,
    pull: buildPull(pull),
    config: { ...config, ...other, gates: buildGates(gates) },
  };
}

/** An answer in one word: PASS, FAIL, BLOCKED or pending. */
export function wordOf(answer: GateAnswer): string {
  return "pending" in answer ? "pending" : answer.verdict;
}

/** What a rule says of a subject, in one line. */
export function say(rule: GateRule, overrides: Parameters<typeof buildSubject>[0] = {}): string {
  const answer = rule.evaluate(buildSubject(overrides));
  return "pending" in answer ? `pending: ${answer.pending}` : `${answer.verdict}: ${answer.message}`;
}
