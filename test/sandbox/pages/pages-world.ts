import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createCheckRun } from "../../../src/sandbox/areas/checks/check-records.ts";
import { createComment } from "../../../src/sandbox/areas/issues/comment-records.ts";
import { createIssueRecord } from "../../../src/sandbox/areas/issues/issue-records.ts";
import { createPull } from "../../../src/sandbox/areas/pulls/pull-records.ts";
import { createSandbox, type Sandbox } from "../../../src/sandbox/create-sandbox.ts";
import { resolveRef } from "../../../src/sandbox/git/git.ts";
import { commitFiles } from "../../../src/sandbox/git/push.ts";
import { findUser } from "../../../src/sandbox/world/find-records.ts";
import type {
  Artifact,
  CheckRun,
  Comment,
  Issue,
  Pull,
  Repo,
  WorkflowJob,
  WorkflowRun,
} from "../../../src/sandbox/world/records.ts";
import type { User } from "../../../src/sandbox/world/user.ts";
import type { World } from "../../../src/sandbox/world/world.ts";

export const NOW = new Date("2026-11-20T12:00:00Z");

/** Every text that a stranger chooses; a test replaces them by hostile ones. */
export interface Texts {
  readonly title: string;
  readonly body: string;
  readonly label: string;
  readonly branch: string;
  readonly fileName: string;
  readonly log: string;
  readonly any: string;
}

export const PLAIN: Texts = {
  title: "Train the model",
  body: "A **body** with #1.",
  label: "autopilot",
  branch: "autopilot/1",
  fileName: "docs/guide.md",
  log: "2026-11-20T11:59:00.0000000Z ##[group]Set up\n2026-11-20T11:59:00.1Z inside\n2026-11-20T11:59:01Z ##[endgroup]\n2026-11-20T11:59:02Z ##[error]Loss is NaN\n",
  any: "some text",
};

export interface PagesWorld {
  readonly sandbox: Sandbox;
  readonly world: World;
  readonly repo: Repo;
  readonly ada: User;
  readonly issue: Issue;
  readonly comment: Comment;
  readonly pull: Pull;
  readonly check: CheckRun;
  readonly run: WorkflowRun;
  readonly job: WorkflowJob;
  readonly artifact: Artifact;
  readonly look: (path: string, init?: RequestInit) => Promise<Look>;
  readonly close: () => Promise<void>;
}

export interface Look {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A sandbox whose repository `acme/demo` has one of everything. */
export async function openPagesWorld(texts: Texts = PLAIN): Promise<PagesWorld> {
  const dataDir = await mkdtemp(join(tmpdir(), "sandbox-pages-"));
  const seedDir = join(dataDir, "seed");
  await writeSeed(seedDir, {
    "README.md": "# Demo\n\nSee [the code](src/a.ts).\n",
    "src/a.ts": "export const a = 1;\n",
    ".github/workflows/train.yml": "on: workflow_dispatch\njobs: {}\n",
    [texts.fileName]: `# ${texts.any}\n`,
  });
  const app = {
    id: 77,
    slug: "orchestrator",
    publicKeyPem: "",
    webhookUrl: "http://127.0.0.1:1/",
    webhookSecret: "secret",
    permissions: { issues: "write" },
    events: [],
  } as const;
  const sandbox = await createSandbox({ dataDir, app, now: () => NOW });
  const { world, control } = sandbox;
  control.createUser("ada");
  const ada = findUser(world, "ada")!;
  const repo = await control.createRepository({ owner: "acme", name: "demo", seedDir });
  repo.description = texts.any;
  control.install({ repositories: ["acme/demo"] });
  const records = addRecords(world, { repo, ada, texts });
  const look = async (path: string, init: RequestInit = {}): Promise<Look> => {
    const response = await fetch(sandbox.url + path, { redirect: "manual", ...init });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const close = async (): Promise<void> => {
    await sandbox.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { sandbox, world, repo, ada, ...records, look, close };
}

async function writeSeed(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

interface Setting {
  readonly repo: Repo;
  readonly ada: User;
  readonly texts: Texts;
}

function addRecords(world: World, setting: Setting) {
  const { repo, ada, texts } = setting;
  const { any, body, branch, label, title } = texts;
  const labels = [label];
  const issue = createIssueRecord(world, repo, { title, body, user: ada, isPull: false, labels });
  const blocker = createIssueRecord(world, repo, { title, body: null, user: ada, isPull: false });
  issue.blockedBy.add(blocker.id);
  issue.assignees.add(ada.id);
  const bot = world.app!.bot;
  const comment = createComment(world, repo, { issue, body, user: bot, appId: 77 });
  comment.reactions.push({ id: 1, content: "rocket", user: ada, createdAt: NOW });
  const headSha = commit(world, setting);
  const baseSha = resolveRef(repo.gitDir, "main")!;
  const pull = createPull(world, repo, {
    ...{ title, body, draft: false, user: bot, appId: 77 },
    ...{ headRepo: repo, headRef: branch, headSha, baseRef: "main", baseSha },
  });
  pull.reviews.push({ id: 2, user: ada, state: "APPROVED", body, commitId: headSha, submittedAt: NOW });
  const check = createCheckRun(world, repo, {
    app: world.app!,
    name: title,
    headSha,
    headBranch: branch,
    status: "completed",
    conclusion: "failure",
    detailsUrl: any,
    output: { title, summary: body, text: body },
  });
  check.annotations.push({
    path: texts.fileName,
    start_line: 1,
    end_line: 1,
    annotation_level: "failure",
    message: any,
    title: any,
  });
  check.actions.push({ label: any, description: any, identifier: "again" });
  repo.statuses.push({
    ...{ id: 3, sha: headSha, context: any, state: "pending", description: any },
    ...{ targetUrl: any, creator: ada, createdAt: NOW },
  });
  return { issue, comment, pull, check, ...addRun(world, { ...setting, check }) };
}

function commit(world: World, { repo, texts }: Setting): string {
  const files = { [texts.fileName]: `${texts.any}\n`, "src/a.ts": `export const a = "${texts.any}";\n` };
  return commitFiles(world, {
    repo,
    branch: texts.branch,
    from: "main",
    files,
    message: `${texts.title}\n\n${texts.any}`.replaceAll("\0", ""),
    user: repo.owner,
  });
}

function addRun(world: World, { repo, ada, texts, check }: Setting & { check: CheckRun }) {
  const { any, branch, log, title } = texts;
  const times = { createdAt: NOW, startedAt: NOW };
  const run: WorkflowRun = {
    id: world.nextId(),
    workflowId: 1,
    path: ".github/workflows/train.yml",
    name: any,
    displayTitle: title,
    event: "workflow_dispatch",
    headBranch: branch,
    headSha: check.headSha,
    runNumber: 1,
    runAttempt: 2,
    status: "completed",
    conclusion: "failure",
    actor: ada,
    checkSuiteId: check.suiteId,
    inputs: { [any]: any },
    eventPayload: {},
    pullNumbers: [3],
    ...times,
    updatedAt: new Date(NOW.getTime() + 125_000),
  };
  repo.runs.set(run.id, run);
  const step = { startedAt: NOW, completedAt: NOW, status: "completed", conclusion: "success" } as const;
  const createJob = (runAttempt: number): WorkflowJob => {
    const id = world.nextId();
    const facts = { runId: run.id, runAttempt, checkRunId: check.id, name: title, log };
    const steps = [{ ...step, name: any, number: 1 }];
    const job: WorkflowJob = {
      ...{ id, ...facts, steps, ...times },
      ...{ status: "completed", conclusion: "failure", completedAt: NOW },
    };
    repo.jobs.set(id, job);
    return job;
  };
  createJob(1);
  const job = createJob(2);
  const artifact: Artifact = {
    id: world.nextId(),
    runId: run.id,
    name: any,
    zip: new Uint8Array([80, 75, 5, 6]),
    digest: "sha256:00",
    createdAt: NOW,
    expiresAt: new Date(NOW.getTime() + 1000),
    expired: false,
  };
  repo.artifacts.set(artifact.id, artifact);
  return { run, job, artifact };
}
