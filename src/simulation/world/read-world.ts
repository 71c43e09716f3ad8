import type { ChangedFile, IssueNow, PullNow, PullReports, ResultFile, RunNow } from "../../core/facts.ts";
import { interestsOf, pathsOf, workflowsOf } from "../../core/plan/repository/branch-interests.ts";
import type { BranchFacts } from "../../core/plan/repository/repository.ts";
import type { Code, Issues, PullWanted, Runs, TextsInForce } from "../../ports/github.ts";
import { OWN, REPO, SECOND_MS } from "../context.ts";
import { ModelTrouble } from "../faults.ts";
import { READS } from "../record.ts";
import type { ModelIssue, ModelPull, ModelRun } from "./model.ts";
import { sampleReports } from "./sample-reports.ts";
import { CONFIG_PATH, MAIN, type World } from "./world.ts";
import { orderOf } from "./write-result.ts";

/** GitHub may show a head that was just replaced for so long. */
const STALE_MS = 30 * SECOND_MS;
const LIST_LAG_MS = 10 * SECOND_MS;
const PAGES = "https://github.test/acme/shop";

/** Reading people and issues of the simulated GitHub. */
export function readIssues(world: World): Issues {
  return {
    permissionOf: async (_repo, login) => {
      mayRead(world);
      const permission = world.context.bugs.permission ?? world.permissions.get(login) ?? "none";
      const known = world.permissions.get(login) ?? "none";
      world.context.recorder.add({ kind: "asked", at: world.now, login, permission: known });
      return permission;
    },
    issue: async (_repo, number) => {
      mayRead(world);
      const issue = world.issues.get(number);
      return issue === undefined ? undefined : toIssueNow(issue);
    },
    blockedBy: async () => [],
    stateOf: async (_repo, ref) => {
      mayRead(world);
      const issue = world.issues.get(Number(ref.split("#")[1]));
      if (issue === undefined) return "unknown";
      if (issue.state === "open") return "open";
      return issue.stateReason === "completed" ? "done" : "not-done";
    },
    labeledBy: async (_repo, number, label) => {
      mayRead(world);
      return world.issues.get(number)?.labelledBy.get(label);
    },
    unlabeledBy: async (_repo, number, label) => {
      mayRead(world);
      return world.issues.get(number)?.unlabelledBy.get(label);
    },
    hasLabel: async () => true,
    openIssuesWithLabel: async (_repo, label) => {
      mayRead(world);
      return [...world.issues.values()]
        .filter((issue) => issue.state === "open" && issue.labels.includes(label))
        .map(toIssueNow);
    },
  };
}

function mayRead({ context: { faults, recorder }, suspendedAt, downUntil, now }: World): void {
  if (suspendedAt !== null) throw new ModelTrouble("the installation is suspended");
  if (now < downUntil || faults.hits("read.fails")) throw new ModelTrouble("502 Bad Gateway");
  if (!faults.hits("read.limited")) return;
  const until = now + faults.random.between(30, 600) * SECOND_MS;
  recorder.add({ kind: "limited", at: now, key: READS, until });
  throw new ModelTrouble("API rate limit exceeded", until);
}

function toIssueNow(issue: ModelIssue): IssueNow {
  const { number, state, stateReason, title, body, labels } = issue;
  return { number, state, stateReason, title, body, labels: [...labels], isPull: false, locked: false };
}

/** Reading code and pull requests of the simulated GitHub. */
export function readCode(world: World): Code {
  return {
    branchFacts: async (_repo, inForce) => {
      mayRead(world);
      const facts = toBranchFacts(world, inForce ?? { configText: null, roadmapText: null });
      return world.context.bugs.facts?.(facts) ?? facts;
    },
    pull: async (_repo, number, wanted) => {
      mayRead(world);
      const pull = world.pulls.get(number);
      if (pull === undefined) return undefined;
      const now = toPullNow(world, pull, wanted);
      return world.context.bugs.pull?.(now) ?? now;
    },
    group: async () => undefined,
    openPulls: async () => {
      mayRead(world);
      return [...world.pulls.values()]
        .filter(({ state }) => state === "open")
        .map(({ number, headSha, headRef, baseRef, author }) => ({
          number,
          headSha,
          headRef,
          baseRef,
          author,
        }));
    },
    fileAt: async () => undefined,
  };
}

function toBranchFacts(world: World, inForce: TextsInForce): BranchFacts {
  const configText = world.fileText(CONFIG_PATH);
  const { roadmapPath, contextPath, workflows } = interestsOf(configText, inForce.configText);
  const roadmapText = roadmapPath === null ? null : world.fileText(roadmapPath);
  const paths = pathsOf(roadmapText, inForce.roadmapText);
  const files = [...new Set([...workflows, ...workflowsOf(roadmapText, inForce.roadmapText)])];
  return {
    branch: MAIN,
    sha: world.mainSha,
    configText,
    roadmapText,
    ...(contextPath !== null && { contextText: world.fileText(contextPath) }),
    paths: Object.fromEntries(paths.map((path) => [path, true])),
    workflows: Object.fromEntries(
      files.map((file) => [file, world.areWorkflowsGone ? null : world.declaredInputs]),
    ),
  };
}

function toPullNow(world: World, pull: ModelPull, wanted: PullWanted): PullNow {
  const { number, title, body, draft, state, merged, headRef, baseRef, author, before } = pull;
  const isLate = before !== null && world.now - before.until < STALE_MS;
  const headSha = isLate && world.context.faults.hits("read.stale") ? before.sha : pull.headSha;
  const files = listFiles(world, headSha);
  const checks = world.checksOf(headSha);
  const ends = checks.every(({ key, status }) => key !== null || status === "completed");
  return {
    number,
    url: `${PAGES}/pull/${number}`,
    state,
    merged,
    ...(pull.mergeSha !== null && { mergeSha: pull.mergeSha }),
    draft,
    headSha,
    headRef,
    headRepoId: REPO.id,
    baseRef,
    mergeable: true,
    author,
    title,
    body,
    changedFiles: files.length,
    files,
    checks: checks.map(({ name, appId, status, conclusion }) => ({
      name,
      slug: appId === OWN.appId ? OWN.slug : "github-actions",
      appId,
      status,
      conclusion,
      url: `${PAGES}/runs/${name}`,
    })),
    pendingSuites: [],
    ...(wanted.reports !== null && ends && { reports: reportsOf(world, wanted.reports) }),
    ...(wanted.reviews && { reviews: [] }),
    ...(wanted.closes && { closes: [] }),
    ...(wanted.owners && { owners: { text: null, path: null, teams: {} } }),
  };
}

function reportsOf(world: World, wanted: NonNullable<PullWanted["reports"]>): PullReports {
  const gates = world.config.gates.metrics;
  const found = {
    kind: "found",
    files: sampleReports(wanted.files, gates),
    url: `${PAGES}/actions`,
  } as const;
  return { head: found, base: found };
}

function listFiles(world: World, headSha: string): readonly ChangedFile[] {
  const { base } = world.commit(headSha);
  return [...world.changesOf({ headSha })].map(([path, text]) => {
    const lines = (text ?? "").split("\n");
    const patch = `@@ -0,0 +1,${lines.length} @@\n${lines.map((line) => `+${line}`).join("\n")}`;
    return {
      path,
      previousPath: null,
      status: text === null ? "removed" : base.has(path) ? "modified" : "added",
      additions: lines.length,
      deletions: 0,
      patch,
    };
  });
}

/** Reading workflow runs of the simulated GitHub. */
export function readRuns(world: World): Runs {
  const show = (run: ModelRun) => world.context.bugs.run?.(toRunNow(run)) ?? toRunNow(run);
  const find = (id: number) => {
    const run = world.runs.get(id);
    return run === undefined || run.isGone ? undefined : run;
  };
  return {
    run: async (_repo, id) => {
      mayRead(world);
      const run = find(id);
      return run === undefined ? undefined : show(run);
    },
    runsOf: async (_repo, _workflow, correlation) => {
      mayRead(world);
      return listRuns(world, correlation).map(show);
    },
    hasBegun: async () => true,
    resultFile: async (_repo, id) => {
      mayRead(world);
      const run = find(id);
      const text = run?.result ?? null;
      const uploaded = run === undefined ? [] : orderOf(world, run).artifacts;
      const file: ResultFile =
        text === null ? { kind: "missing" } : { kind: "found", text, uploaded, url: runUrl(id) };
      return world.context.bugs.result?.(file) ?? file;
    },
  };
}

/** Runs whose name carries the ids, oldest first; a list lags behind what was started. */
export function listRuns(world: World, correlation: string): readonly ModelRun[] {
  const isLagging = world.context.faults.hits("read.stale");
  return [...world.runs.values()].filter(
    (run) =>
      run.correlation === correlation &&
      !run.isGone &&
      !(isLagging && world.now - run.createdAt < LIST_LAG_MS),
  );
}

export function toRunNow(run: ModelRun): RunNow {
  const { id, correlation, status, conclusion, runAttempt, inputs, startedAt, updatedAt } = run;
  const { base_sha: headSha = "" } = inputs;
  return {
    origin: {
      event: "workflow_dispatch",
      path: `.github/workflows/${run.workflow}`,
      actorId: OWN.botId,
      headRepoId: REPO.id,
    },
    id,
    title: `work [${correlation}]`,
    status,
    conclusion,
    runAttempt,
    headSha,
    url: runUrl(id),
    startedAt,
    updatedAt,
  };
}

export function runUrl(id: number): string {
  return `${PAGES}/actions/runs/${id}`;
}
