import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hiddenMarker } from "../../../src/adapters/github/marker.ts";
import type { Action, FileText, Projection } from "../../../src/core/effects.ts";
import { actionJob, projectionJob, startGitHub, type TestGitHub } from "./start-github.ts";

let gh: TestGitHub;
let count = 0;

beforeAll(async () => {
  gh = await startGitHub();
});
afterAll(() => gh.stop());
beforeEach(() => {
  count += 1;
});

const WANTED = { title: "T-1: Generate", body: "Data for 20 tenants.", label: "autopilot" };

const open = (changed: Partial<Extract<Action, { kind: "open-issue" }>> = {}) =>
  gh.effector.perform(
    actionJob(gh.repo, { kind: "open-issue", about: `roadmap:T-${count}`, ...WANTED, ...changed }, {}),
  );
const opened = (number: unknown) => gh.record.issues.get(Number(number));

describe("an issue that is opened once", () => {
  it("is opened by the app with its label, and tells its number", async () => {
    const { outcome, event } = await open();

    expect(outcome).toMatchObject({ kind: "done", facts: { state: "open", reason: null, isLabelled: 1 } });
    expect(event).toMatchObject({ kind: "effect.settled", effect: "open-issue" });
    const issue = opened(outcome.kind === "done" && outcome.facts.issue);
    expect([issue?.user.login, issue?.title, [...(issue?.labels ?? [])]]).toEqual([
      "orchestrator[bot]",
      "T-1: Generate",
      ["autopilot"],
    ]);
  });

  it("is found again whatever people made of it, also when everything about it was forgotten", async () => {
    const first = await open();
    const number = first.outcome.kind === "done" ? Number(first.outcome.facts.issue) : 0;
    await gh.ask("PATCH", `/issues/${number}`, {
      title: "Another title",
      state: "closed",
      state_reason: "not_planned",
    });
    const again = await open({ title: "T-1: Generate more" });

    expect(again.outcome).toMatchObject({
      kind: "done",
      facts: { issue: number, state: "closed", reason: "not_planned", isLabelled: 1 },
    });
    expect(opened(number)?.title).toBe("Another title");
  });

  it("is never one where a user pasted the marker", async () => {
    const body = `${hiddenMarker("issue", `${gh.repo.id}:roadmap:T-${count}`)}\nI am the bot`;
    const { data } = await gh.ask("POST", "/issues", { title: "Mine", body });
    const { outcome } = await open();

    expect(outcome).toMatchObject({ kind: "done" });
    expect(outcome.kind === "done" && outcome.facts.issue).not.toBe(data.number);
  });

  it("carries no label where none is wanted", async () => {
    const { outcome } = await open({ label: null });

    expect(outcome).toMatchObject({ kind: "done", facts: { isLabelled: 0 } });
    expect(opened(outcome.kind === "done" && outcome.facts.issue)?.labels.size).toBe(0);
  });
});

const BEFORE = "version: 1\ntasks: []\n";
const PATH = ".github/roadmap.yml";

interface Wanted {
  readonly files?: readonly FileText[];
  readonly state?: "open" | "absent";
  readonly body?: string;
  readonly branch?: string;
}

describe("a pull request that changes files", () => {
  let branch: string;
  beforeEach(() => {
    branch = `orchestrator/roadmap-${count}`;
  });

  const file = (after: string, before: string | null = BEFORE): FileText => ({ path: PATH, before, after });
  const perform = (wanted: Wanted = {}) => {
    const projection: Projection = {
      kind: "file-pull",
      branch,
      baseRef: "main",
      title: "Roadmap: T-1 done",
      body: "One task is done.",
      files: [file(`${BEFORE}# one\n`)],
      state: "open",
      ...wanted,
    };
    return gh.effector.perform(projectionJob(gh.repo, projection, { key: "roadmap-pull" }));
  };
  const pulls = async (state = "open") =>
    (await gh.ask("GET", `/pulls?state=${state}&head=acme:${branch}`)).data as {
      number: number;
      body: string;
    }[];
  const textOn = async (ref: string, path = PATH) => {
    const { status, data } = await gh.ask("GET", `/contents/${path}?ref=${ref}`);
    return status === 404 ? null : Buffer.from(data.content, "base64").toString();
  };
  const shaOf = async (ref: string) => (await gh.ask("GET", `/git/ref/heads/${ref}`)).data.object?.sha;
  const push = (path: string, text: string, on: string) =>
    gh.ask("PUT", `/contents/${path}`, {
      message: "by hand",
      content: Buffer.from(text).toString("base64"),
      branch: on,
    });

  it("is opened from its own branch; the default branch stays as it is", async () => {
    const main = await shaOf("main");
    const settled = await perform();
    const [pull] = await pulls();

    expect(settled).toMatchObject({
      outcome: { kind: "done" },
      remoteId: String(pull?.number),
      event: { effect: "file-pull", outcome: { facts: { pull: pull?.number } } },
    });
    expect(await textOn(branch)).toBe(`${BEFORE}# one\n`);
    expect(await shaOf("main")).toBe(main);
  });

  it("is the same one when it is wanted again, without another commit", async () => {
    const first = await perform();
    const head = await shaOf(branch);
    const again = await perform();

    expect([again.remoteId, await shaOf(branch)]).toEqual([first.remoteId, head]);
    expect(await pulls()).toHaveLength(1);
  });

  it("is updated in place: new text, new files, new words", async () => {
    const first = await perform();
    const note = { path: `docs/context-${count}.md`, before: null, after: "# M1\n" };
    const again = await perform({ files: [file(`${BEFORE}# two\n`), note], body: "Two tasks are done." });
    const [pull] = await pulls();

    expect(again.remoteId).toBe(first.remoteId);
    expect(pull?.body).toContain("Two tasks are done.");
    expect([await textOn(branch), await textOn(branch, note.path)]).toEqual([`${BEFORE}# two\n`, "# M1\n"]);
  });

  it("is opened anew when people closed the one before", async () => {
    const first = await perform();
    await gh.ask("PATCH", `/pulls/${first.remoteId}`, { state: "closed" });
    const again = await perform({ files: [file(`${BEFORE}# two\n`)] });

    expect(again.remoteId).not.toBe(first.remoteId);
    expect(await pulls()).toMatchObject([{ number: Number(again.remoteId) }]);
  });

  it("is closed with its branch when nothing is left to write, also twice", async () => {
    await perform();
    const gone = await perform({ state: "absent", files: [] });
    const again = await perform({ state: "absent", files: [] });

    expect([gone.outcome.kind, again.outcome.kind]).toEqual(["done", "done"]);
    expect([await pulls(), await shaOf(branch)]).toEqual([[], undefined]);
  });

  it("leaves a branch alone to which somebody pushed", async () => {
    await perform();
    await push(`notes-${count}.md`, "mine", branch);
    const head = await shaOf(branch);
    const settled = await perform({ files: [file(`${BEFORE}# two\n`)] });

    expect(settled.outcome).toMatchObject({ kind: "refused", status: 409 });
    expect(await shaOf(branch)).toBe(head);
    expect(await perform({ state: "absent", files: [] })).toMatchObject({ outcome: { kind: "refused" } });
    expect(await pulls()).toHaveLength(1);
  });

  it("is refused when the file on the branch is not what it was made from", async () => {
    const settled = await perform({ files: [file("version: 1\n", "version: 0\n")] });

    expect(settled).toMatchObject({
      outcome: { kind: "refused", status: 409 },
      event: { effect: "file-pull" },
    });
    expect(await shaOf(branch)).toBeUndefined();
  });

  it("never goes to the default branch", async () => {
    const main = await shaOf("main");

    expect(await perform({ branch: "main" })).toMatchObject({ outcome: { kind: "refused", status: 422 } });
    expect(await shaOf("main")).toBe(main);
  });

  it.each([
    ["the commit", "POST", "/git/commits$"],
    ["the branch", "POST", "/git/refs$"],
    ["the pull request", "POST", "/pulls$"],
  ])("is one, however the try before ended: %s was made, the answer lost", async (_, method, pathPattern) => {
    gh.control.failNext({ method, pathPattern, status: 502, applied: true });
    await expect(perform()).rejects.toThrow();
    const again = await perform();

    expect(again.outcome.kind).toBe("done");
    expect(await pulls()).toHaveLength(1);
    expect(await textOn(branch)).toBe(`${BEFORE}# one\n`);
  });
});
