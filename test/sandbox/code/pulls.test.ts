import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { closedByKeyword, setDraft } from "../../../src/sandbox/areas/pulls/pull-records.ts";
import { createRepoRecord } from "../../../src/sandbox/areas/repositories/repository-records.ts";
import { fetchCommit } from "../../../src/sandbox/git/fetch.ts";
import { commitFiles } from "../../../src/sandbox/git/push.ts";
import { writeRef } from "../../../src/sandbox/git/write.ts";
import { createUser } from "../../../src/sandbox/world/create-user.ts";
import { type CodeWorld, names, openCodeWorld, type Reply } from "./code-world.ts";

let code: CodeWorld;

beforeEach(async () => {
  code = await openCodeWorld();
});

afterEach(async () => {
  const { problems } = code;
  await code.close();
  expect(problems).toEqual([]);
});

async function openPull(more: object = {}): Promise<Reply> {
  code.push("feature", { "src/a.txt": "one\ntwo\nfour\n" }, "change a");
  return code.person("POST", "/pulls", {
    title: "Change a",
    head: "feature",
    base: "main",
    body: "why",
    ...more,
  });
}

describe("opening a pull request", () => {
  it("answers and announces it with its counts", async () => {
    const opened = await openPull();

    expect(opened.status).toBe(201);
    expect(opened.body).toMatchObject({
      number: 1,
      commits: 1,
      additions: 1,
      deletions: 1,
      changed_files: 1,
      mergeable: true,
      mergeable_state: "clean",
      head: { ref: "feature", label: "acme:feature" },
    });
    expect(names(code.takeHooks())).toContain("pull_request.opened");
  });

  it("refuses a second one for the branch, one without commits, and unknown branches", async () => {
    await openPull();
    code.push("empty", {});
    const open = (head: string, base = "main") => code.person("POST", "/pulls", { title: "t", head, base });

    const second = await open("acme:feature");
    await code.app("POST", "/git/refs", { ref: "refs/heads/same", sha: await shaOf("main") });
    const same = await open("same");

    expect(second.body.errors).toEqual([
      { resource: "PullRequest", code: "custom", message: "A pull request already exists for acme:feature." },
    ]);
    expect(same.body.errors[0].message).toBe("No commits between main and same");
    expect((await open("nope")).body.errors[0]).toMatchObject({ field: "head", code: "invalid" });
    expect((await open("feature", "nope")).body.errors[0]).toMatchObject({ field: "base", code: "invalid" });
    expect((await open("other:feature")).status).toBe(422);
  });

  it("marks a conflict as not mergeable", async () => {
    await openPull();
    code.push("main", { "src/a.txt": "one\ntwo\nfive\n" });

    const seen = await code.app("GET", "/pulls/1");

    expect(seen.body).toMatchObject({ mergeable: false, mergeable_state: "dirty" });
    expect((await code.person("PUT", "/pulls/1/merge", {})).body.message).toBe(
      "Pull Request is not mergeable",
    );
  });
});

async function shaOf(branch: string): Promise<string> {
  return (await code.app("GET", `/branches/${branch}`)).body.commit.sha;
}

describe("the life of a pull request", () => {
  it("follows its branch, with the shas before and after", async () => {
    const opened = await openPull();
    code.takeHooks();

    const after = code.push("feature", { "more.txt": "1" });

    const hooks = code.takeHooks();
    expect(names(hooks)).toEqual(["push", "pull_request.synchronize", "check_suite.requested"]);
    expect(hooks[1]?.payload).toMatchObject({ before: opened.body.head.sha, after, number: 1 });
    expect((await code.app("GET", "/pulls/1")).body.head.sha).toBe(after);
  });

  it("changes title, base and state, and says so", async () => {
    await openPull();
    code.push("release", { "r.txt": "1" });
    code.takeHooks();

    await code.person("PATCH", "/pulls/1", { title: "Better", base: "release" });
    await code.person("PATCH", "/pulls/1", { state: "closed" });
    const reopened = await code.person("PATCH", "/pulls/1", { state: "open" });

    expect(names(code.takeHooks())).toEqual([
      "pull_request.edited",
      "pull_request.edited",
      "pull_request.closed",
      "pull_request.reopened",
    ]);
    expect(reopened.body).toMatchObject({ title: "Better", state: "open", base: { ref: "release" } });
  });

  it("becomes a draft and ready again", async () => {
    await openPull();
    const pull = code.repo.pulls.get(1);
    if (!pull) throw new Error("the pull request was opened");
    code.takeHooks();

    setDraft(code.world, code.repo, { pull, draft: true, sender: code.ada });
    setDraft(code.world, code.repo, { pull, draft: false, sender: code.ada });

    expect(names(code.takeHooks())).toEqual([
      "pull_request.converted_to_draft",
      "pull_request.ready_for_review",
    ]);
  });

  it("may come from a fork and follows the fork's branch", async () => {
    const owner = createUser(code.world, "eve", "User");
    const fork = await createRepoRecord(code.world, { owner, name: "demo" });
    fetchCommit(fork, code.repo, "refs/heads/main");
    writeRef(fork.gitDir, "refs/heads/main", await shaOf("main"));
    const push = (files: Record<string, string>) =>
      commitFiles(code.world, { repo: fork, branch: "patch", files, message: "patch", user: owner });
    push({ "eve.txt": "1" });

    const opened = await code.person("POST", "/pulls", {
      title: "From a fork",
      head: "eve:patch",
      base: "main",
    });
    const after = push({ "eve.txt": "2" });

    expect(opened.body.head).toMatchObject({ label: "eve:patch", repo: { full_name: "eve/demo" } });
    expect((await code.app("GET", "/pulls/1")).body.head.sha).toBe(after);
    expect((await code.app("GET", "/pulls/1/files")).body).toMatchObject([{ filename: "eve.txt" }]);
    expect((await code.app("GET", "/pulls?head=eve:patch")).body).toHaveLength(1);
  });

  it("closes with its branch and stays closed", async () => {
    await openPull();

    await code.person("DELETE", "/git/refs/heads/feature");

    expect((await code.app("GET", "/pulls/1")).body).toMatchObject({ state: "closed", merged: false });
    expect((await code.person("PATCH", "/pulls/1", { state: "open" })).status).toBe(422);
  });

  it("counts as merged when its commits reach the base by a push", async () => {
    const opened = await openPull();

    await code.person("PATCH", "/git/refs/heads/main", { sha: opened.body.head.sha });

    expect((await code.app("GET", "/pulls/1")).body).toMatchObject({ state: "closed", merged: true });
  });

  it("lists by state, head and base in the order asked for", async () => {
    await openPull();
    code.push("second", { "s.txt": "1" });
    await code.person("POST", "/pulls", { title: "Second", head: "second", base: "main" });
    await code.person("PATCH", "/pulls/1", { state: "closed" });
    const numbers = async (query: string) =>
      (await code.app("GET", `/pulls?${query}`)).body.map((pull: { number: number }) => pull.number);

    expect(await numbers("")).toEqual([2]);
    expect(await numbers("state=all")).toEqual([2, 1]);
    expect(await numbers("state=all&direction=asc")).toEqual([1, 2]);
    expect(await numbers("state=all&sort=updated&direction=desc")).toHaveLength(2);
    expect(await numbers("state=all&head=acme:feature")).toEqual([1]);
    expect(await numbers("state=all&base=nope")).toEqual([]);
  });

  it("is found by its commits while it is open, and by all that it brought once it is merged", async () => {
    const opened = await openPull();
    const { sha } = opened.body.head;
    code.push("second", { "s.txt": "1" });
    await code.person("POST", "/pulls", { title: "Second", head: "second", base: "main" });
    const numbers = async (commit: string) =>
      (await code.app("GET", `/commits/${commit}/pulls`)).body.map(
        ({ number }: { number: number }) => number,
      );
    const root = await shaOf("main");

    expect(await numbers(sha)).toEqual([1]);
    expect(await numbers("feature")).toEqual([1]);
    expect(await numbers(root)).toEqual([]);
    const merged = await code.person("PUT", "/pulls/1/merge", { merge_method: "squash" });
    expect(await numbers(merged.body.sha)).toEqual([1]);
    expect(await numbers(sha)).toEqual([1]);
    await code.person("PATCH", "/pulls/2", { state: "closed" });
    expect(await numbers("second")).toEqual([]);
    expect((await code.app("GET", `/commits/${"1".repeat(40)}/pulls`)).status).toBe(422);
  });

  it("is listed with an ETag, and not sent again while nothing changes", async () => {
    await openPull();
    const first = await code.app("GET", "/pulls?state=all&per_page=1");

    const again = await code.app("GET", "/pulls?state=all&per_page=1");
    await code.person("PATCH", "/pulls/1", { title: "Other" });
    const changed = await code.app("GET", "/pulls?state=all&per_page=1");

    expect(first.headers.etag).toMatch(/^W\//);
    expect(again.headers.etag).toBe(first.headers.etag);
    expect(changed.headers.etag).not.toBe(first.headers.etag);
  });

  it("pages through its files and commits, renames and binaries included", async () => {
    code.push(
      "big",
      Object.fromEntries(Array.from({ length: 130 }, (_, index) => [`many/f${index}.txt`, `${index}`])),
    );
    code.push("big", { "src/a.txt": null, "src/renamed.txt": "one\ntwo\nthree\n", "x.bin": "\u0000\u0001" });
    await code.person("POST", "/pulls", { title: "Big", head: "big", base: "main" });

    const first = await code.app("GET", "/pulls/1/files?per_page=100");
    const second = await code.app("GET", "/pulls/1/files?per_page=100&page=2");
    const commits = await code.app("GET", "/pulls/1/commits");

    expect(first.body).toHaveLength(100);
    expect(first.headers.link).toContain('rel="last"');
    expect(second.body).toHaveLength(32);
    expect(second.body.find((file: { status: string }) => file.status === "renamed")).toMatchObject({
      filename: "src/renamed.txt",
      previous_filename: "src/a.txt",
    });
    expect(second.body.find((file: { filename: string }) => file.filename === "x.bin").patch).toBeUndefined();
    expect(commits.body).toHaveLength(2);
  });
});

describe("merging", () => {
  it("refuses a head that has moved since it was looked at", async () => {
    const opened = await openPull();
    code.push("feature", { "more.txt": "1" });

    const late = await code.person("PUT", "/pulls/1/merge", { sha: opened.body.head.sha });

    expect([late.status, late.body.message]).toEqual([
      409,
      "Head branch was modified. Review and try the merge again.",
    ]);
    expect((await code.app("GET", "/pulls/1/merge")).status).toBe(404);
  });

  it("merges with a commit of two parents and closes the issue that the body names", async () => {
    const issue = await code.person("POST", "/issues", { title: "Broken" });
    const opened = await openPull({ body: `Fixes #${issue.body.number}` });
    code.takeHooks();
    const { sha } = opened.body.head;

    const merged = await code.person("PUT", `/pulls/${opened.body.number}/merge`, { sha });

    expect(merged.body).toMatchObject({ merged: true, message: "Pull Request successfully merged" });
    const commit = await code.app("GET", `/git/commits/${merged.body.sha}`);
    expect(commit.body.parents.map((parent: { sha: string }) => parent.sha)).toContain(sha);
    expect(commit.body.message).toBe("Merge pull request #2 from acme/feature\n\nChange a");
    expect(names(code.takeHooks())).toEqual([
      "pull_request.closed",
      "issues.closed",
      "push",
      "check_suite.requested",
    ]);
    expect((await code.app("GET", "/issues/1")).body).toMatchObject({
      state: "closed",
      state_reason: "completed",
    });
    expect((await code.app("GET", "/pulls/2")).body).toMatchObject({
      merged: true,
      merged_by: { login: "ada" },
    });
    expect((await code.app("GET", "/pulls/2/merge")).status).toBe(204);
    expect((await code.person("PUT", "/pulls/2/merge", {})).status).toBe(405);
  });

  it("squashes into one commit by the author", async () => {
    await openPull();
    code.push("feature", { "more.txt": "1" }, "more");

    const merged = await code.app("PUT", "/pulls/1/merge", { merge_method: "squash" });

    const commit = await code.app("GET", `/commits/${merged.body.sha}`);
    expect(commit.body.parents).toHaveLength(1);
    expect(commit.body.commit.message).toBe("Change a (#1)\n\n* change a\n\n* more");
    expect(commit.body.author.login).toBe("ada");
  });

  it("rebases commit by commit", async () => {
    await openPull();
    code.push("feature", { "more.txt": "1" }, "more");
    code.push("main", { "else.txt": "1" }, "else");

    await code.person("PUT", "/pulls/1/merge", { merge_method: "rebase" });

    const log = await code.app("GET", "/commits");
    expect(log.body.map((item: { commit: { message: string } }) => item.commit.message)).toEqual([
      "more",
      "change a",
      "else",
      "Initial commit",
    ]);
  });

  it("refuses drafts", async () => {
    await openPull({ draft: true });

    const merge = await code.person("PUT", "/pulls/1/merge", {});

    expect([merge.status, merge.body.message]).toEqual([405, "Pull Request is still a draft"]);
  });

  it("reads GitHub's nine closing words and nothing else", () => {
    const text =
      "Closes #1, fixed: #2. RESOLVES #3\nfix #4 and #5; prefixes #6; closes acme/demo#7; close #1";

    expect(closedByKeyword(text)).toEqual([1, 2, 3, 4]);
  });
});

describe("reviews", () => {
  it("submits at once or later, and dismisses", async () => {
    await openPull();
    code.takeHooks();

    const approved = await code.reader("POST", "/pulls/1/reviews", { event: "APPROVE" });
    const pending = await code.app("POST", "/pulls/1/reviews", { body: "hm" });
    const hidden = await code.person("GET", `/pulls/1/reviews/${pending.body.id}`);
    const submitted = await code.app("POST", `/pulls/1/reviews/${pending.body.id}/events`, {
      event: "REQUEST_CHANGES",
    });
    const dismissed = await code.person("PUT", `/pulls/1/reviews/${submitted.body.id}/dismissals`, {
      message: "no",
    });

    expect([approved.body.state, pending.body.state, submitted.body.state, dismissed.body.state]).toEqual([
      "APPROVED",
      "PENDING",
      "CHANGES_REQUESTED",
      "DISMISSED",
    ]);
    expect(hidden.status).toBe(404);
    expect((await code.person("GET", "/pulls/1/reviews")).body).toHaveLength(2);
    const hooks = code.takeHooks();
    expect(names(hooks)).toEqual([
      "pull_request_review.submitted",
      "pull_request_review.submitted",
      "pull_request_review.dismissed",
    ]);
    expect(hooks[0]?.payload.review.state).toBe("approved");
  });

  it("lets nobody approve the own pull request or comment without words", async () => {
    await openPull();

    const own = await code.person("POST", "/pulls/1/reviews", { event: "APPROVE" });
    const blank = await code.reader("POST", "/pulls/1/reviews", { event: "COMMENT" });

    expect([own.status, blank.status]).toEqual([422, 422]);
    expect(own.body.message).toBe("Can not approve your own pull request");
  });
});
