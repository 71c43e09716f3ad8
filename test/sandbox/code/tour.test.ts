import { createSign, generateKeyPairSync } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSandbox, type Sandbox } from "../../../src/sandbox/create-sandbox.ts";
import { loadContract } from "../../support/github-contract.ts";

const KEYS = generateKeyPairSync("rsa", { modulusLength: 2048 });
const REPO = { owner: "acme", repo: "demo" };
const problems: string[] = [];
const delivered: string[] = [];
let folder = "";
let sandbox: Sandbox;
let person: Octokit;
let app: Octokit;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sandbox-tour-"));
  await mkdir(join(folder, "seed"));
  await writeFile(join(folder, "seed", "README.md"), "# Demo\n");
  sandbox = await startSandbox();
  const token = sandbox.control.createUser("ada");
  await sandbox.control.createRepository({ owner: "acme", name: "demo", seedDir: join(folder, "seed") });
  sandbox.control.setRole({ repository: "acme/demo", login: "ada", role: "write" });
  const installation = sandbox.control.install({ repositories: ["acme/demo"] });
  person = connect(token);
  const { data } = await connect(appJwt()).rest.apps.createInstallationAccessToken({
    installation_id: installation.id,
  });
  app = connect(data.token);
});

afterAll(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
});

function startSandbox(): Promise<Sandbox> {
  const contract = loadContract();
  return createSandbox({
    dataDir: join(folder, "data"),
    app: {
      id: 7,
      slug: "orchestrator",
      publicKeyPem: KEYS.publicKey.export({ type: "spki", format: "pem" }).toString(),
      webhookUrl: "http://127.0.0.1:1/",
      webhookSecret: "secret",
      permissions: {
        checks: "write",
        contents: "write",
        issues: "write",
        pull_requests: "write",
        statuses: "write",
      },
      events: [
        "push",
        "create",
        "delete",
        "pull_request",
        "pull_request_review",
        "check_run",
        "check_suite",
        "status",
      ],
    },
    onExchange: ({ method, path, status, requestBody, responseBody, isFault }) => {
      if (isFault) return;
      const found = [
        ...(status < 400 ? contract.request(method, path, requestBody) : []),
        ...contract.response(method, path, status, responseBody),
      ];
      problems.push(...found.map((text) => `${method} ${path} ${status}: ${text}`));
    },
    onDelivery: ({ event, action, payload }) => {
      delivered.push(action === null ? event : `${event}.${action}`);
      problems.push(
        ...contract.webhook(event, JSON.parse(payload)).map((text) => `${event}.${action}: ${text}`),
      );
    },
  });
}

function connect(auth: string): Octokit {
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  return new Octokit({ baseUrl: sandbox.url, auth, log: silent });
}

function appJwt(): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const text = `${encode({ alg: "RS256", typ: "JWT" })}.${encode({ iat: now - 30, exp: now + 300, iss: "7" })}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(KEYS.privateKey, "base64url")}`;
}

describe("a change on its way through the sandbox", () => {
  it("is written, checked, reviewed and merged, and nothing departs from GitHub's contract", async () => {
    const issue = await person.rest.issues.create({ ...REPO, title: "Say hello" });
    const base = await app.rest.git.getRef({ ...REPO, ref: "heads/main" });
    const tree = await app.rest.git.createTree({
      ...REPO,
      base_tree: base.data.object.sha,
      tree: [{ path: "hello.txt", mode: "100644", type: "blob", content: "hello\n" }],
    });
    const parents = [base.data.object.sha];
    const commit = await app.rest.git.createCommit({
      ...REPO,
      message: "Say hello",
      tree: tree.data.sha,
      parents,
    });
    const sha = commit.data.sha;
    await app.rest.git.createRef({ ...REPO, ref: "refs/heads/task/1", sha });
    const body = `Closes #${issue.data.number}`;
    const pull = await app.rest.pulls.create({ ...REPO, title: "Hello", head: "task/1", base: "main", body });
    const check = await app.rest.checks.create({
      ...REPO,
      name: "gate",
      head_sha: sha,
      status: "in_progress",
    });
    const output = { title: "Verified", summary: "All well" };
    await app.rest.checks.update({ ...REPO, check_run_id: check.data.id, conclusion: "success", output });
    await app.rest.repos.createCommitStatus({ ...REPO, sha, state: "success", context: "ci" });
    await person.rest.pulls.createReview({ ...REPO, pull_number: pull.data.number, event: "APPROVE" });

    const files = await app.paginate(app.rest.pulls.listFiles, {
      ...REPO,
      pull_number: pull.data.number,
      per_page: 1,
    });
    const merged = await app.rest.pulls.merge({ ...REPO, pull_number: pull.data.number, sha });
    await app.rest.git.deleteRef({ ...REPO, ref: "heads/task/1" });

    const content = await app.rest.repos.getContent({ ...REPO, path: "hello.txt" });
    const closed = await app.rest.issues.get({ ...REPO, issue_number: issue.data.number });
    await sandbox.control.idle();
    expect(files.map(({ filename }) => filename)).toEqual(["hello.txt"]);
    expect(merged.data.merged).toBe(true);
    expect(content.data).toMatchObject({ type: "file", size: 6 });
    expect(closed.data).toMatchObject({ state: "closed", state_reason: "completed" });
    expect(delivered).toEqual(
      expect.arrayContaining([
        "create",
        "push",
        "pull_request.opened",
        "check_run.created",
        "check_run.completed",
        "check_suite.requested",
        "check_suite.completed",
        "status",
        "pull_request_review.submitted",
        "pull_request.closed",
        "delete",
      ]),
    );
    expect(problems).toEqual([]);
  });

  it("lists the root folder and follows pushes that people make", async () => {
    const files = { "hello.txt": "hello again\n" };
    const sha = sandbox.control.commitFiles({
      repository: "acme/demo",
      login: "ada",
      branch: "more",
      files,
      message: "More",
    });

    const root = await person.request("GET /repos/{owner}/{repo}/contents", REPO);
    const compared = await app.rest.repos.compareCommitsWithBasehead({ ...REPO, basehead: "main...more" });

    expect(root.data.map(({ path }: { path: string }) => path)).toContain("README.md");
    expect(compared.data).toMatchObject({ status: "ahead", commits: [{ sha }] });
  });
});
