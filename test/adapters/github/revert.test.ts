import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Action, Outcome } from "../../../src/core/effects.ts";
import type { OutboxJob } from "../../../src/ports/outbox.ts";
import { actionJob, startGitHub, type TestGitHub } from "./start-github.ts";

let gh: TestGitHub;
let count = 0;

beforeAll(async () => {
  gh = await startGitHub();
});
afterAll(() => gh.stop());

type Revert = Extract<Action, { kind: "revert" }>;
type Files = Readonly<Record<string, string | null>>;
type Method = "squash" | "merge" | "rebase";

function commit(branch: string, files: Files, message = "Change files"): string {
  return gh.control.commitFiles({
    repository: "acme/demo",
    login: "ada",
    branch,
    files,
    message,
  });
}

async function branchFrom(name: string): Promise<void> {
  const sha = await headOf("main");
  await gh.ask("POST", "/git/refs", { ref: `refs/heads/${name}`, sha });
}

async function headOf(branch: string): Promise<string> {
  return (await gh.ask("GET", `/branches/${encodeURIComponent(branch)}`)).data.commit.sha;
}

/** Text of a file of a branch; undefined when there is none. */
async function textOf(branch: string, path: string): Promise<string | undefined> {
  const { status, data } = await gh.ask("GET", `/contents/${path}?ref=${encodeURIComponent(branch)}`);
  return status === 200 ? Buffer.from(data.content, "base64").toString() : undefined;
}

/** A pull request that was merged, of one commit per step. */
async function merge(steps: readonly Files[], method: Method = "squash") {
  count += 1;
  const branch = `fix/merged-${count}`;
  await branchFrom(branch);
  for (const files of steps) commit(branch, files);
  const opened = await gh.ask("POST", "/pulls", { head: branch, base: "main", title: "Change" });
  const pull: number = opened.data.number;
  const merged = await gh.ask("PUT", `/pulls/${pull}/merge`, { merge_method: method });
  expect(merged.status).toBe(200);
  const issue = (await gh.ask("POST", "/issues", { title: "Task", body: "Text" })).data.number;
  return { pull, mergeSha: String(merged.data.sha), issue: Number(issue) };
}

function revertOf(
  { pull, mergeSha, issue }: Pick<Revert, "pull" | "mergeSha" | "issue">,
  job: Parameters<typeof actionJob>[2] = {},
): OutboxJob {
  const action: Revert = {
    kind: "revert",
    pull,
    mergeSha,
    branch: `revert/${pull}-${mergeSha.slice(0, 7)}`,
    baseRef: "main",
    issue,
    title: `Revert: Change (#${pull})`,
    body: "The critics refused it.",
  };
  return actionJob(gh.repo, action, { key: `1:revert:1.2.3:${pull}`, ...job });
}

async function perform(job: OutboxJob): Promise<Outcome> {
  return (await gh.effector.perform(job)).outcome;
}

const revertsOf = (pull: number) =>
  [...gh.record.pulls.values()].filter((one) => one.headRef.startsWith(`revert/${pull}-`));

describe("taking a merge back", () => {
  it("puts every file of it back to what it was, in a pull request of its own", async () => {
    commit("main", { "src/kept.mjs": "old\n", "src/gone.mjs": "gone\n", "lib/deep/a.mjs": "a\n" });
    const before = await headOf("main");
    const merged = await merge([
      { "src/kept.mjs": "new\n", "src/gone.mjs": null, "lib/deep/a.mjs": "b\n", "lib/new/b.mjs": "b\n" },
    ]);
    const main = await headOf("main");
    const outcome = await perform(revertOf(merged));

    expect(outcome).toMatchObject({ kind: "done", facts: { branch: expect.stringMatching(/^revert\//) } });
    const [revert] = revertsOf(merged.pull);
    const branch = revert?.headRef ?? "";
    expect(revert).toMatchObject({ baseRef: "main", merged: false });
    expect(await headOf("main")).toBe(main);
    const { data } = await gh.ask("GET", `/compare/${before}...${encodeURIComponent(branch)}`);
    expect(data.files).toEqual([]);
    expect(await textOf(branch, "src/gone.mjs")).toBe("gone\n");
    expect(await textOf(branch, "lib/new/b.mjs")).toBeUndefined();
    expect(data.commits.at(-1).commit.message).toBe(
      `Revert: Change (#${merged.pull})\n\nThis takes back ${merged.mergeSha}.\n\nOrchestrator-Reverts: ${merged.mergeSha}`,
    );
  });

  it.each<[Method, number]>([
    ["squash", 2],
    ["merge", 2],
    ["rebase", 1],
  ])("takes all of a pull request back that was merged by %s from %i commits", async (method, commits) => {
    count += 1;
    const paths = Array.from({ length: commits }, (_, index) => `src/${method}-${count}-${index}.mjs`);
    const merged = await merge(
      paths.map((path) => ({ [path]: "1\n" })),
      method,
    );
    expect(await perform(revertOf(merged))).toMatchObject({ kind: "done" });
    const branch = revertsOf(merged.pull)[0]?.headRef ?? "";

    expect(await Promise.all(paths.map((path) => textOf(branch, path)))).toEqual(paths.map(() => undefined));
  });

  it("leaves what came in since to other files as it is", async () => {
    const merged = await merge([{ "src/mine.mjs": "1\n" }]);
    commit("main", { "src/others.mjs": "2\n" });
    await perform(revertOf(merged));
    const branch = revertsOf(merged.pull)[0]?.headRef ?? "";

    expect(await textOf(branch, "src/others.mjs")).toBe("2\n");
    expect(await textOf(branch, "src/mine.mjs")).toBeUndefined();
  });

  it("puts a mode and a link back as well", async () => {
    const blob = async (text: string) => (await gh.ask("POST", "/git/blobs", { content: text })).data.sha;
    const base = await headOf("main");
    const tree = await gh.ask("POST", "/git/trees", {
      base_tree: base,
      tree: [
        { path: "run.sh", mode: "100755", type: "blob", sha: await blob("#!/bin/sh\n") },
        { path: "link", mode: "120000", type: "blob", sha: await blob("run.sh") },
      ],
    });
    const made = await gh.ask("POST", "/git/commits", {
      message: "Modes",
      tree: tree.data.sha,
      parents: [base],
    });
    await gh.ask("PATCH", "/git/refs/heads/main", { sha: made.data.sha });
    const merged = await merge([{ "run.sh": "changed\n", link: null }]);
    await perform(revertOf(merged));
    const head = await headOf(revertsOf(merged.pull)[0]?.headRef ?? "");

    const { data } = await gh.ask("GET", `/git/trees/${head}`);
    const modes = data.tree.map(({ path, mode }: { path: string; mode: string }) => [path, mode]);
    expect(modes).toEqual(
      expect.arrayContaining([
        ["run.sh", "100755"],
        ["link", "120000"],
      ]),
    );
  });

  it("opens the issue again that the merge had closed", async () => {
    const merged = await merge([{ "src/closing.mjs": "1\n" }]);
    await gh.ask("PATCH", `/issues/${merged.issue}`, { state: "closed" });
    await perform(revertOf(merged));

    expect(gh.record.issues.get(merged.issue)?.state).toBe("open");
  });
});

describe("a merge is not taken back", () => {
  it("where a file of it was changed since, which is named", async () => {
    const merged = await merge([{ "src/since.mjs": "1\n", "src/same.mjs": "1\n" }]);
    commit("main", { "src/since.mjs": "2\n" });
    const outcome = await perform(revertOf(merged));

    expect(outcome).toEqual({ kind: "refused", status: 409, message: "changed since: src/since.mjs" });
    expect(revertsOf(merged.pull)).toEqual([]);
  });

  it("where people have taken it back already", async () => {
    const merged = await merge([{ "src/by-hand.mjs": "1\n" }]);
    commit("main", { "src/by-hand.mjs": null });

    expect(await perform(revertOf(merged))).toMatchObject({ kind: "refused", status: 409 });
  });

  it("where it left a commit for each of its own, and the last is not all of it", async () => {
    const merged = await merge([{ "src/r1.mjs": "1\n" }, { "src/r2.mjs": "1\n" }], "rebase");

    expect(await perform(revertOf(merged))).toMatchObject({
      kind: "refused",
      message: "the merge left several commits, or not all of the change",
    });
  });

  it("where it changed more files than people can look at", async () => {
    const files = Object.fromEntries(Array.from({ length: 301 }, (_, index) => [`many/${index}.txt`, "1\n"]));
    const merged = await merge([files]);

    expect(await perform(revertOf(merged))).toMatchObject({
      kind: "refused",
      message: "it changed more than 300 files",
    });
  });

  it("onto a branch of that name that somebody else made", async () => {
    const merged = await merge([{ "src/taken.mjs": "1\n" }]);
    const branch = `revert/${merged.pull}-${merged.mergeSha.slice(0, 7)}`;
    await branchFrom(branch);
    const head = commit(branch, { "src/foreign.mjs": "1\n" });

    expect(await perform(revertOf(merged))).toMatchObject({ kind: "refused", status: 409 });
    expect(await headOf(branch)).toBe(head);
    expect(revertsOf(merged.pull)).toEqual([]);
  });

  it("S30 onto a branch with its own trailer that was there before the first try", async () => {
    const merged = await merge([{ "src/traced.mjs": "1\n" }]);
    const branch = `revert/${merged.pull}-${merged.mergeSha.slice(0, 7)}`;
    await branchFrom(branch);
    commit(branch, { "src/foreign.mjs": "1\n" }, `Revert\n\nOrchestrator-Reverts: ${merged.mergeSha}`);

    expect(await perform(revertOf(merged))).toMatchObject({ kind: "refused", status: 409 });
    expect(revertsOf(merged.pull)).toEqual([]);
  });

  it("by a pull request that somebody else wrote with the marker in it", async () => {
    const merged = await merge([{ "src/forged.mjs": "1\n" }]);
    const branch = `revert/${merged.pull}-${merged.mergeSha.slice(0, 7)}`;
    await branchFrom(branch);
    commit(branch, { "src/foreign.mjs": "1\n" });
    const body = `<!-- orchestrator:pull key=1:revert:1.2.3:${merged.pull} -->\nMine`;
    await gh.ask("POST", "/pulls", { head: branch, base: "main", title: "Forged", body });

    expect(await perform(revertOf(merged))).toMatchObject({ kind: "refused", status: 409 });
  });
});

describe("a revert whose outcome is unknown", () => {
  const POINTS = [
    ["the tree", "/git/trees$"],
    ["the commit", "/git/commits$"],
    ["the branch", "/git/refs$"],
    ["the pull request", "/pulls$"],
  ] as const;

  it.each(POINTS.flatMap(([what, path]) => [true, false].map((applied) => [what, applied, path] as const)))(
    "F064 F065 is there once after the answer about %s was lost (applied: %s)",
    async (_what, applied, pathPattern) => {
      count += 1;
      const merged = await merge([{ [`src/once-${count}.mjs`]: "1\n" }]);
      gh.control.failNext({ method: "POST", pathPattern, status: 502, applied });
      await expect(gh.effector.perform(revertOf(merged))).rejects.toThrow();
      const outcome = await perform(revertOf(merged, { mayHaveHappened: true, tries: 1 }));

      expect(outcome).toMatchObject({ kind: "done" });
      expect(revertsOf(merged.pull)).toHaveLength(1);
    },
  );

  it("finds the pull request again that people have merged meanwhile, although its branch is gone", async () => {
    const merged = await merge([{ "src/quick.mjs": "1\n" }]);
    const first = await perform(revertOf(merged));
    const [revert] = revertsOf(merged.pull);
    await gh.ask("PUT", `/pulls/${revert?.number}/merge`, { merge_method: "squash" });
    await gh.ask("DELETE", `/git/refs/heads/${revert?.headRef}`);
    const again = await perform(revertOf(merged, { mayHaveHappened: true, tries: 1 }));

    expect(again).toMatchObject({ kind: "done", facts: { pull: revert?.number } });
    expect(first.kind).toBe("done");
    expect(revertsOf(merged.pull)).toHaveLength(1);
  });
});

it("asked for nothing that GitHub's contract does not know", () => {
  expect(gh.problems).toEqual([]);
});
