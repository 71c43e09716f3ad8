import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hiddenMarker } from "../../../src/adapters/github/marker.ts";
import type { Action, Projection } from "../../../src/core/effects.ts";
import { actionJob, projectionJob, startGitHub, type TestGitHub } from "./start-github.ts";

let gh: TestGitHub;
let issue: number;
let head: string;
let count = 0;

beforeAll(async () => {
  gh = await startGitHub();
});
afterAll(() => gh.stop());
beforeEach(async () => {
  count += 1;
  issue = (await gh.ask("POST", "/issues", { title: "Task", body: "Text" })).data.number;
  head = (await gh.ask("GET", "/branches/main")).data.commit.sha;
});

const base64 = (text: string) => Buffer.from(text).toString("base64");
const comments = () => [...gh.record.comments.values()].filter((comment) => comment.issueNumber === issue);
const project = (projection: Projection, job: Parameters<typeof projectionJob>[2] = {}) =>
  gh.effector.perform(projectionJob(gh.repo, projection, { key: `${projection.kind}:${count}`, ...job }));
const act = (action: Action, job: Parameters<typeof actionJob>[2] = {}) =>
  gh.effector.perform(actionJob(gh.repo, action, { key: `${action.kind}:${count}`, ...job }));

describe("the comment that is always up to date", () => {
  it("is written once and then edited", async () => {
    const first = await project({ kind: "comment", issue, body: "Queued" });
    const second = await project({ kind: "comment", issue, body: "Running" }, { remoteId: first.remoteId });

    expect(second).toEqual({ outcome: { kind: "done", facts: {} }, remoteId: first.remoteId, event: null });
    expect(comments().map((comment) => comment.body)).toEqual([
      `${hiddenMarker("comment", `comment:${count}`)}\nRunning`,
    ]);
  });

  it("is written again when somebody deleted it", async () => {
    const first = await project({ kind: "comment", issue, body: "Queued" });
    await gh.ask("DELETE", `/issues/comments/${first.remoteId}`);
    const second = await project({ kind: "comment", issue, body: "Running" }, { remoteId: first.remoteId });

    expect(second.remoteId).not.toBe(first.remoteId);
    expect(comments().map((comment) => String(comment.id))).toEqual([second.remoteId]);
  });

  it("F057 is found again when its id was lost", async () => {
    const first = await project({ kind: "comment", issue, body: "Queued" });
    const again = await project({ kind: "comment", issue, body: "Running" });

    expect(again.remoteId).toBe(first.remoteId);
    expect(comments()).toHaveLength(1);
  });

  it("is never one where a user pasted the marker", async () => {
    const body = `${hiddenMarker("comment", `comment:${count}`)}\nI am the bot`;
    await gh.ask("POST", `/issues/${issue}/comments`, { body });
    await project({ kind: "comment", issue, body: "Queued" }, { mayHaveHappened: true });

    expect(comments().map((comment) => [comment.user.login, comment.body.endsWith("Queued")])).toEqual([
      ["ada", false],
      ["orchestrator[bot]", true],
    ]);
  });

  it("F078 F079 is cut to what GitHub takes", async () => {
    const settled = await project({ kind: "comment", issue, body: `\`\`\`\n${"x😀".repeat(30_000)}` });

    expect(settled.outcome.kind).toBe("done");
    expect(comments()[0]?.body).toMatch(/\n```\n\n\*\(Cut here/);
    expect(comments()[0]?.body.isWellFormed()).toBe(true);
  });

  it("F105 is not even tried while the conversation is locked, and the handler told", async () => {
    const first = await project({ kind: "comment", issue, body: "Queued" });
    await gh.ask("PUT", `/issues/${issue}/lock`, {});
    const sent = gh.requests.length;
    const edited = await project({ kind: "comment", issue, body: "Running" }, { remoteId: first.remoteId });
    const replied = await act({ kind: "reply", issue, body: "Done." });
    const reacted = await act({ kind: "react", target: { kind: "issue", id: issue }, content: "eyes" });

    const refused = { kind: "refused", status: 403, message: "The conversation is locked." };
    expect([edited, replied, reacted].map(({ outcome }) => outcome)).toEqual([refused, refused, refused]);
    expect(edited).toMatchObject({
      remoteId: first.remoteId,
      event: { kind: "effect.settled", effect: "comment", outcome: refused },
    });
    expect(gh.requests.slice(sent).map(({ method }) => method)).toEqual(["GET", "GET", "GET"]);
    expect(comments()).toHaveLength(1);
  });

  it("F105 is refused where the conversation is locked just before it is written", async () => {
    gh.control.failNext({
      method: "POST",
      pathPattern: "/comments$",
      status: 403,
      applied: false,
      body: { message: "Unable to create comment because issue is locked." },
    });

    expect((await project({ kind: "comment", issue, body: "Queued" })).outcome).toEqual({
      kind: "refused",
      status: 403,
      message: "Unable to create comment because issue is locked.",
    });
  });

  it("F076 is refused where the issue was deleted", async () => {
    gh.control.deleteIssue({ repository: "acme/demo", number: issue });

    expect((await project({ kind: "comment", issue, body: "Queued" })).outcome).toMatchObject({
      kind: "refused",
      status: 410,
    });
  });

  it("F047 is not written by somebody who stood still meanwhile, and edited by nobody late", async () => {
    const first = await project({ kind: "comment", issue, body: "Done" });
    const late = { mayHaveHappened: true, mayWrite: () => false };
    const edited = await project(
      { kind: "comment", issue, body: "Queued" },
      { remoteId: first.remoteId, ...late },
    );
    const written = await project({ kind: "comment", issue, body: "Queued" }, { key: "other", ...late });

    expect([edited, written].map(({ outcome }) => outcome.kind)).toEqual(["later", "later"]);
    expect(comments().map(({ body }) => body.split("\n")[1])).toEqual(["Done"]);
  });

  it("F072 waits when enough was written for now", async () => {
    gh.quotaState.fullUntil = gh.clock.now() + 30_000;
    const settled = await project({ kind: "comment", issue, body: "Queued" });
    gh.quotaState.fullUntil = 0;

    expect(settled).toMatchObject({ outcome: { kind: "later", at: gh.clock.now() + 30_000 }, event: null });
    expect(comments()).toEqual([]);
  });
});

describe("labels", () => {
  const labelled = async (labels: readonly string[]) =>
    project({ kind: "labels", issue, prefix: "autopilot:", labels });
  const present = () => [...(gh.record.issues.get(issue)?.labels ?? [])].toSorted();

  it("changes only its own, and only as far as needed", async () => {
    await gh.ask("POST", `/issues/${issue}/labels`, { labels: ["bug", "autopilot", "autopilot:running"] });
    await labelled(["autopilot:queued"]);
    const before = gh.writes(/labels/).length;
    await labelled(["Autopilot:Queued"]);

    expect(present()).toEqual(["autopilot", "autopilot:queued", "bug"]);
    expect(gh.writes(/labels/)).toHaveLength(before);
  });

  it("makes a missing label with its colour and description", async () => {
    await labelled(["autopilot:queued"]);
    const { data } = await gh.ask("GET", "/labels/autopilot:queued");

    expect(data).toMatchObject({ color: "fbca04", description: "Waiting for its turn" });
  });

  it("takes all of its own away", async () => {
    await labelled(["autopilot:queued"]);
    await labelled([]);

    expect(present()).toEqual([]);
  });
});

describe("check runs", () => {
  const annotation = (line: number) => ({
    ...{ path: "README.md", startLine: line, endLine: line },
    ...{ level: "warning" as const, message: `Line ${line}` },
  });
  const check = (annotations: number, text = "Text"): Projection => ({
    kind: "check",
    sha: head,
    name: "orchestrator / verify",
    status: "completed",
    conclusion: "success",
    output: { title: "PASS", summary: text },
    annotations: Array.from({ length: annotations }, (_, index) => annotation(index + 1)),
  });
  const found = () => [...gh.record.checkRuns.values()].filter((run) => run.externalId === `check:${count}`);

  it("F079 sends 120 annotations in batches, and none twice when the check is written again", async () => {
    const first = await project(check(120));
    const second = await project(check(121), { remoteId: first.remoteId });

    expect(second.remoteId).toBe(first.remoteId);
    expect(found().map((run) => run.annotations.length)).toEqual([121]);
  });

  it("F079 cuts a summary that is too long", async () => {
    await project(check(0, "long ".repeat(20_000)));

    expect(found()[0]?.output?.summary?.length).toBeLessThanOrEqual(65_535);
  });

  it("is made again when GitHub no longer has it", async () => {
    const settled = await project(check(1), { remoteId: "999999999" });

    expect(found().map((run) => String(run.id))).toEqual([settled.remoteId]);
  });

  it("F167 is found by its id among many of its name, and made again once when GitHub has dropped it", async () => {
    const first = await project(check(1));
    const route = "POST /repos/{owner}/{repo}/check-runs";
    const others = { name: "orchestrator / verify", head_sha: head, status: "queued" as const };
    await gh.github.repository(gh.repo).write(route, others);
    const second = await project(check(1), { remoteId: first.remoteId });
    gh.record.checkRuns.delete(Number(first.remoteId));
    const third = await project(check(1), { remoteId: first.remoteId });
    const again = await project(check(1), { remoteId: first.remoteId, mayHaveHappened: true });

    expect(second.remoteId).toBe(first.remoteId);
    expect(third.remoteId).not.toBe(first.remoteId);
    expect(again.remoteId).toBe(third.remoteId);
    expect(found()).toHaveLength(1);
  });

  it("has three buttons at most, no longer than GitHub takes, and loses them when none is wanted", async () => {
    const button = {
      label: "Run again ".repeat(3),
      identifier: "rerun",
      description: "Looks at everything ".repeat(3),
    };
    const wanted = { ...check(0), buttons: [button, button, button, button] } as Projection;
    const first = await project(wanted);
    const shown = found().map((run) => run.actions);
    await project({ ...check(0), buttons: [{ ...button, label: "Go", description: "On" }] } as Projection, {
      remoteId: first.remoteId,
    });
    const changed = found().map((run) => run.actions);
    await project(check(0), { remoteId: first.remoteId });

    const cut = { label: "Run again Run again…", identifier: "rerun" };
    expect(shown[0]).toMatchObject([cut, cut, cut]);
    expect(shown[0]?.every(({ description }) => description.length <= 40)).toBe(true);
    expect(changed).toEqual([[{ label: "Go", identifier: "rerun", description: "On" }]]);
    expect(found().map((run) => run.actions)).toEqual([[]]);
  });

  it("goes from in progress to completed as one check", async () => {
    const first = await project({ ...check(0), status: "in_progress", conclusion: null } as Projection);
    await project(check(0), { remoteId: first.remoteId });

    expect(found().map((run) => [run.status, run.conclusion])).toEqual([["completed", "success"]]);
  });

  it("never looks like a pass when its conclusion is missing", async () => {
    await project({ ...check(0), conclusion: null } as Projection);

    expect(found()[0]?.conclusion).toBe("action_required");
  });
});

describe("an issue of our own", () => {
  const wanted = (state: "open" | "absent", body = "Line 3."): Projection => ({
    ...{ kind: "issue", title: `Correct the configuration ${count}`, body, state },
  });
  const found = () =>
    [...gh.record.issues.values()].filter((one) => one.title === `Correct the configuration ${count}`);

  it("is opened, updated, closed and opened again as one issue", async () => {
    const { remoteId } = await project(wanted("open"));
    await project(wanted("open", "Line 4."), { remoteId });
    const updated = found().map((one) => one.body);
    await project(wanted("absent"), { remoteId });
    const closed = found().map((one) => one.state);
    await project(wanted("open"), { remoteId: null });

    expect(updated).toEqual([`${hiddenMarker("issue", `issue:${count}`)}\nLine 4.`]);
    expect(closed).toEqual(["closed"]);
    expect(found().map((one) => one.state)).toEqual(["open"]);
  });

  it("is not opened to be closed", async () => {
    expect((await project(wanted("absent"))).outcome.kind).toBe("done");
    expect(found()).toEqual([]);
  });
});

describe("dispatching", () => {
  const dispatch = (change: Partial<Extract<Action, { kind: "dispatch" }>> = {}): Action => ({
    kind: "dispatch",
    correlation: `T-${count}.1.0.1`,
    workflow: "generate.yml",
    ref: "main",
    inputs: { correlation: change.correlation ?? `T-${count}.1.0.1` },
    ...change,
  });
  const runs = () => [...gh.record.runs.values()].filter((run) => run.displayTitle.includes(`T-${count}.`));

  it("says which run it started", async () => {
    const { outcome } = await act(dispatch());

    expect(outcome).toMatchObject({ kind: "done", facts: { runId: runs()[0]?.id } });
    expect(outcome).toMatchObject({ facts: { runUrl: expect.stringContaining("/actions/runs/") } });
  });

  it("F117 adopts the oldest run of the attempt and cancels the surplus", async () => {
    await act(dispatch());
    await act(dispatch());
    const { outcome } = await act(dispatch(), { mayHaveHappened: true, firstTriedAt: gh.clock.now() });

    const [oldest, surplus] = runs();
    expect(outcome).toMatchObject({ kind: "done", facts: { runId: oldest?.id } });
    expect(gh.writes(/POST .*cancel$/).map((entry) => entry.realPath)).toContainEqual(
      expect.stringContaining(String(surplus?.id)),
    );
    expect(runs()).toHaveLength(2);
  });

  it("F119 does not take the run of an attempt whose id only begins the same", async () => {
    await act(dispatch({ correlation: `T-${count}.1.0.10` }));
    const { outcome } = await act(dispatch(), {
      mayHaveHappened: true,
      firstTriedAt: gh.clock.now() - 60_000,
    });

    expect(runs()).toHaveLength(2);
    expect(outcome).toMatchObject({ kind: "done", facts: { runId: runs()[1]?.id } });
  });

  it("F117 looks again for a while before it dispatches again", async () => {
    const firstTriedAt = gh.clock.now();
    const { outcome, event } = await act(dispatch(), { mayHaveHappened: true, firstTriedAt });

    expect(outcome).toMatchObject({ kind: "later", at: firstTriedAt + 2_000 });
    expect(event).toBeNull();
    expect(runs()).toEqual([]);
  });

  it("F118 says that it does not know the run where the server does not tell", async () => {
    gh.control.failNext({ method: "POST", pathPattern: "/dispatches$", status: 204, applied: true });

    expect((await act(dispatch())).outcome).toEqual({ kind: "done", facts: { runId: null, runUrl: null } });
  });

  it.each([
    [{ ref: "nowhere" }, 422, /No ref found for: nowhere/],
    [{ inputs: { correlation: "x", other: "y" } }, 422, /Unexpected inputs provided/],
    [{ inputs: {} }, 422, /Required input 'correlation' not provided/],
    [{ workflow: "ci.yml" }, 422, /does not have 'workflow_dispatch' trigger/],
    [{ workflow: "absent.yml" }, 404, /Not Found/],
  ])("F121 is refused in GitHub's words for %j", async (change, status, message) => {
    const { outcome, event } = await act(dispatch(change));

    expect(outcome).toMatchObject({ kind: "refused", status, message: expect.stringMatching(message) });
    expect(event).toMatchObject({ kind: "effect.settled", effect: "dispatch", taskId: "T-1", outcome });
  });

  it("takes a run that has ended, or is gone, for cancelled", async () => {
    const { outcome } = await act(dispatch());
    await gh.control.idle();
    const runId = outcome.kind === "done" ? Number(outcome.facts.runId) : 0;

    expect((await act({ kind: "cancel-run", runId })).outcome.kind).toBe("done");
    expect((await act({ kind: "cancel-run", runId: 1 })).outcome.kind).toBe("done");
  });
});

describe("publishing", () => {
  const publish = (change: Partial<Extract<Action, { kind: "publish" }>> = {}): Action => ({
    kind: "publish",
    correlation: `T-${count}.1.0.0`,
    branch: `fix/${count}`,
    baseRef: "main",
    baseSha: head,
    message: "Correct the price",
    changes: [{ path: `src/${count}.mjs`, mode: "100644", contentBase64: base64("export {};\n") }],
    title: "Correct the price",
    body: "Because.",
    draft: true,
    ...change,
  });

  it("puts text, binary, executable and deleted files into one commit and opens a pull request", async () => {
    const binary = Buffer.from([0, 255, 1, 254]).toString("base64");
    const { outcome } = await act(
      publish({
        changes: [
          { path: `a/${count}.bin`, mode: "100644", contentBase64: binary },
          { path: `a/${count}.sh`, mode: "100755", contentBase64: base64("#!/bin/sh\n") },
          { path: "README.md", mode: "100644", contentBase64: null },
        ],
      }),
    );

    if (outcome.kind !== "done") throw new Error("not done");
    const { pull, headSha, url } = outcome.facts;
    const { data } = await gh.ask("GET", `/pulls/${pull}`);
    const { data: blob } = await gh.ask("GET", `/contents/a/${count}.bin?ref=${headSha}`);
    const { data: files } = await gh.ask("GET", `/pulls/${pull}/files`);
    const { data: tree } = await gh.ask("GET", `/git/trees/${headSha}?recursive=1`);
    expect(data).toMatchObject({ draft: true, html_url: url, head: { sha: headSha }, base: { ref: "main" } });
    expect(blob.content.trim()).toBe(binary);
    expect(files.map((file: { filename: string }) => file.filename).toSorted()).toEqual(
      ["README.md", `a/${count}.bin`, `a/${count}.sh`].toSorted(),
    );
    expect(tree.tree).toContainEqual(expect.objectContaining({ path: `a/${count}.sh`, mode: "100755" }));
  });

  it("continues its own branch for the next attempt, without showing the base's news as changes", async () => {
    const first = await act(publish());
    const moved = gh.control.commitFiles({
      repository: "acme/demo",
      branch: "main",
      files: { [`news-${count}.md`]: "News\n" },
      message: "News",
    });
    const second = await act(
      publish({
        correlation: `T-${count}.2.0.0`,
        baseSha: moved,
        changes: [
          { path: `src/${count}.mjs`, mode: "100644", contentBase64: base64("export const a = 1;\n") },
        ],
      }),
    );

    if (first.outcome.kind !== "done" || second.outcome.kind !== "done") throw new Error("not done");
    const { data: files } = await gh.ask("GET", `/pulls/${second.outcome.facts.pull}/files`);
    expect(second.outcome.facts.pull).toBe(first.outcome.facts.pull);
    expect(files.map((file: { filename: string }) => file.filename)).toEqual([`src/${count}.mjs`]);
    expect((await gh.ask("GET", `/branches/fix%2F${count}`)).data.commit.sha).toBe(
      second.outcome.facts.headSha,
    );
  });

  it("adopts what the same attempt has already published", async () => {
    const first = await act(publish());
    const second = await act(publish(), { mayHaveHappened: true });

    expect(second.outcome).toEqual(first.outcome);
  });

  it("leaves a branch alone that somebody else has changed", async () => {
    await act(publish());
    const theirs = gh.control.commitFiles({
      repository: "acme/demo",
      branch: `fix/${count}`,
      files: { "theirs.md": `Theirs\n\nOrchestrator-Attempt: T-${count}.1.0.0` },
      message: `Orchestrator-Attempt: T-${count}.1.0.0\n\nTheirs`,
    });
    const { outcome } = await act(publish());

    expect(outcome).toMatchObject({
      kind: "refused",
      status: 409,
      message: expect.stringContaining("somebody else"),
    });
    expect((await gh.ask("GET", `/branches/fix%2F${count}`)).data.commit.sha).toBe(theirs);
  });

  it("S30 takes no commit for its own that holds something else, whatever trailer it has", async () => {
    const branch = `fix/${count}`;
    const sha = (await gh.ask("GET", "/branches/main")).data.commit.sha;
    await gh.ask("POST", "/git/refs", { ref: `refs/heads/${branch}`, sha });
    gh.control.commitFiles({
      repository: "acme/demo",
      branch,
      files: { "theirs.md": "Theirs\n" },
      message: `Change\n\nOrchestrator-Attempt: T-${count}.1.0.0`,
    });

    for (const mayHaveHappened of [false, true])
      expect((await act(publish(), { mayHaveHappened })).outcome).toMatchObject({
        kind: "refused",
        status: 409,
      });
  });

  it("F132 refuses changes that change nothing", async () => {
    const { outcome } = await act(
      publish({
        changes: [
          { path: "src/price.mjs", mode: "100644", contentBase64: base64("export const price = 1;\n") },
        ],
      }),
    );

    expect(outcome).toMatchObject({ kind: "refused", status: 422 });
    expect((await gh.ask("GET", `/branches/fix%2F${count}`)).status).toBe(404);
  });
});

describe("merging and closing", () => {
  async function openPull(branch: string) {
    const { outcome } = await act(
      {
        kind: "publish",
        correlation: `T-${count}.1.0.0`,
        branch,
        baseRef: "main",
        baseSha: head,
        message: "A file",
        changes: [{ path: `b/${count}.md`, mode: "100644", contentBase64: base64("b\n") }],
        title: "A file",
        body: "",
        draft: false,
      },
      { key: `publish:${count}` },
    );
    if (outcome.kind !== "done") throw new Error("not done");
    return { pull: Number(outcome.facts.pull), sha: String(outcome.facts.headSha) };
  }

  it("F142 refuses to merge another commit than the one that was verified", async () => {
    const { pull } = await openPull(`fix/${count}`);
    const { outcome } = await act({ kind: "merge", pull, sha: head, title: "Merged" });

    expect(outcome).toMatchObject({ kind: "refused", status: 409 });
    expect((await gh.ask("GET", `/pulls/${pull}`)).data.merged).toBe(false);
  });

  it("F144 refuses to merge into another branch than the one that the commit was verified for", async () => {
    const { pull, sha } = await openPull(`fix/${count}`);
    const order = { kind: "merge", pull, sha, title: "Merged" } as const;
    const { outcome } = await act({ ...order, baseRef: "release" });

    expect(outcome).toMatchObject({ kind: "refused", status: 409 });
    expect((await gh.ask("GET", `/pulls/${pull}`)).data.merged).toBe(false);
    expect((await act({ ...order, baseRef: "main" }, { key: "merge:again" })).outcome).toMatchObject({
      kind: "done",
    });
  });

  it("takes a merge of the same commit by somebody else for done", async () => {
    const { pull, sha } = await openPull(`fix/${count}`);
    await gh.ask("PUT", `/pulls/${pull}/merge`, { sha });
    const { outcome } = await act({ kind: "merge", pull, sha, title: "Merged" });

    expect(outcome).toMatchObject({ kind: "done", facts: { sha: expect.stringMatching(/^[0-9a-f]{40}$/) } });
  });

  it("squashes, and says which commit came of it", async () => {
    const { pull, sha } = await openPull(`fix/${count}`);
    const { outcome } = await act({ kind: "merge", pull, sha, title: `Squashed ${count}` });

    const { data } = await gh.ask("GET", "/commits/main");
    expect(outcome).toEqual({ kind: "done", facts: { sha: data.sha } });
    expect(data.commit.message.split("\n")[0]).toBe(`Squashed ${count}`);
    expect(data.parents).toHaveLength(1);
  });

  it("deletes only the branch that the closed pull request came from", async () => {
    const { pull } = await openPull(`fix/${count}`);
    await act({ kind: "close-pull", pull, branch: "main" });

    expect((await gh.ask("GET", "/branches/main")).status).toBe(200);
    expect((await gh.ask("GET", `/branches/fix%2F${count}`)).status).toBe(200);
    expect((await gh.ask("GET", `/pulls/${pull}`)).data.state).toBe("closed");
  });

  it("reacts to comments", async () => {
    const { data } = await gh.ask("POST", `/issues/${issue}/comments`, { body: "/orchestrate ping" });
    await act({ kind: "react", target: { kind: "comment", id: data.id }, content: "rocket" });

    expect(gh.record.comments.get(data.id)?.reactions.map((one) => one.content)).toEqual(["rocket"]);
  });
});

it("asked for nothing that GitHub's contract does not know", () => {
  expect(gh.problems).toEqual([]);
});
