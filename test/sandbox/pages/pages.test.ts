import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { queueBot } from "../../../src/sandbox/areas/queue/merge-group.ts";
import { presentAnnotation, presentCheckRun } from "../../../src/sandbox/present/code/check.ts";
import { commitPage } from "../../../src/sandbox/present/code/commit.ts";
import { presentComment, presentIssue } from "../../../src/sandbox/present/issues/issue.ts";
import { presentRepository } from "../../../src/sandbox/present/repository.ts";
import { presentUser } from "../../../src/sandbox/present/user.ts";
import { openPagesWorld, type PagesWorld } from "./pages-world.ts";
import { findActiveParts, readHtml } from "./read-html.ts";

let pages: PagesWorld;

beforeAll(async () => {
  pages = await openPagesWorld();
});

afterAll(() => pages.close());

/** One path of every sort of page. */
function listPages({ check, run, job, pull, issue, world }: PagesWorld): readonly string[] {
  const home = "/ui/acme/demo";
  return [
    ...["/ui", "/ui/", "/ui/ada", "/ui/acme", "/ui/apps/orchestrator", "/ui/apps/github-actions"],
    ...[home, `${home}/issues`, `${home}/issues?state=closed`, `${home}/pulls`, `${home}/actions`],
    ...[`${home}/issues/${issue.number}`, `${home}/pull/${pull.number}`, `${home}/runs/${check.id}`],
    ...[`${home}/actions/runs/${run.id}`, `${home}/actions/runs/${run.id}/job/${job.id}`],
    ...[
      `${home}/commit/${pull.headSha}`,
      `${home}/commits/main`,
      `${home}/commits/${encodeURI(pull.headRef)}`,
    ],
    ...[
      `${home}/tree/main`,
      `${home}/tree/main/src`,
      `${home}/blob/main/src/a.ts`,
      `${home}/blob/main/README.md`,
    ],
    `${home}/compare/main...${encodeURI(pull.headRef)}`,
    ...(world.repos.size > 1 ? ["/ui/acme/empty"] : []),
  ];
}

describe("the pages", () => {
  it("all answer with a whole, well-formed document", async () => {
    await pages.sandbox.control.createRepository({ owner: "acme", name: "empty" });

    for (const path of listPages(pages)) {
      const { status, headers, text } = await pages.look(path);

      expect({ path, status }).toEqual({ path, status: 200 });
      expect(headers.get("content-type")).toMatch(/^text\/html; charset=utf-8$/i);
      expect({ path, parts: findActiveParts(text) }).toEqual({ path, parts: [] });
      const { tags } = readHtml(text);
      for (const landmark of ["header", "main", "footer", "h1"]) {
        expect({
          path,
          landmark,
          count: tags.filter((tag) => tag.name === landmark && !tag.isEnd).length > 0,
        }).toEqual({ path, landmark, count: true });
      }
    }
  });

  it("lead nowhere that is not there", async () => {
    const looks = await Promise.all(listPages(pages).map((path) => pages.look(path)));
    const tags = looks.flatMap(({ text }) => readHtml(text).tags);
    const links = tags.flatMap(({ attributes }) => attributes.href ?? attributes.src ?? []);
    const seen = new Set(
      links.filter((link) => link.startsWith("/ui")).map((link) => link.split("#", 1)[0] ?? ""),
    );

    for (const path of seen) {
      const { status } = await pages.look(path);
      expect({ path, isThere: status === 200 || status === 302 }).toEqual({ path, isThere: true });
    }
    expect(seen.size).toBeGreaterThan(30);
  });

  it("let nothing run, load or frame", async () => {
    const { headers } = await pages.look("/ui");
    const policy = headers.get("content-security-policy");

    expect(policy).toContain("default-src 'none'; style-src 'self'; img-src 'self' data:");
    expect(policy).not.toContain("unsafe");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  it.each([
    "/ui/nobody",
    "/ui/acme/nothing",
    "/ui/acme/demo/issues/999",
    "/ui/acme/demo/pull/999",
    "/ui/acme/demo/runs/1",
    "/ui/acme/demo/actions/runs/1",
    "/ui/acme/demo/commit/0000000000000000000000000000000000000000",
    "/ui/acme/demo/commits/no-branch",
    "/ui/acme/demo/blob/main/no-file",
    "/ui/acme/demo/blob/main/..%2f..%2fetc%2fpasswd",
    "/ui/acme/demo/tree/main/README.md",
    "/ui/acme/demo/compare/main",
    "/ui/acme/demo/%E0%A4%A",
    "/ui/apps/nothing",
    "/ui/avatars/1",
    "/ui/what/ever/else/there/is",
  ])("say at %s that there is no such page", async (path) => {
    const { status, text } = await pages.look(path);

    expect(status).toBe(404);
    expect(text).toContain("There is no such page");
  });

  it("can only be looked at", async () => {
    const { status, headers } = await pages.look("/ui/acme/demo", { method: "POST", body: "x" });

    expect(status).toBe(405);
    expect(headers.get("allow")).toBe("GET, HEAD");
  });

  it("answer a HEAD with no content", async () => {
    const { status, text } = await pages.look("/ui/acme/demo", { method: "HEAD" });

    expect({ status, text }).toEqual({ status: 200, text: "" });
  });
});

describe("the addresses that the API gives out", () => {
  it("lead to pages", async () => {
    const { world, repo, issue, pull, comment, check, run, job, ada } = pages;
    const home = presentRepository(world, repo).html_url;
    const annotation = check.annotations[0] ?? {};
    const addresses = [
      home,
      presentIssue(world, repo, issue).html_url,
      presentIssue(world, repo, repo.issues.get(pull.number) ?? issue).html_url,
      presentComment(world, repo, comment).html_url,
      presentCheckRun(world, repo, check).html_url,
      presentAnnotation(world, repo, { run: check, annotation }).blob_href,
      presentUser(world, ada).html_url,
      presentUser(world, ada).avatar_url,
      presentUser(world, comment.user).html_url,
      commitPage(world, repo, pull.headSha),
      `${home}/actions/runs/${run.id}`,
      `${home}/actions/runs/${run.id}/job/${job.id}`,
      `${home}/pull/${pull.number}.diff`,
    ];

    for (const address of addresses) {
      const { status } = await pages.look(address.slice(world.baseUrl().length));
      expect({ address, status }).toEqual({ address, status: 200 });
    }
  });

  it.each([
    ["/issues/3", "/pull/3"],
    ["/pull/1", "/issues/1"],
    ["/pulls/3", "/pull/3"],
    ["/pull/3/files", "/pull/3#files"],
    ["/commits", "/commits/main"],
  ])("redirect from %s to %s", async (from, to) => {
    const { status, headers } = await pages.look(`/ui/acme/demo${from}`);

    expect({ status, to: headers.get("location") }).toEqual({ status: 302, to: `/ui/acme/demo${to}` });
  });

  it("follow a repository to its new name", async () => {
    const { control } = pages.sandbox;
    await control.createRepository({ owner: "acme", name: "before" });
    control.renameRepository({ repository: "acme/before", name: "after" });

    const { headers } = await pages.look("/ui/acme/before/issues");

    expect(headers.get("location")).toBe("/ui/acme/after/issues");
  });
});

describe("an issue", () => {
  it("shows author, labels, reactions, edits and what blocks it", async () => {
    const { issue, comment, look } = pages;
    comment.updatedAt = new Date(comment.createdAt.getTime() + 1000);

    const { text } = await look(`/ui/acme/demo/issues/${issue.number}`);

    expect(text).toContain('orchestrator</a> <span class="bot">bot</span>');
    expect(text).toContain(`id="issuecomment-${comment.id}"`);
    expect(text).toContain("· edited");
    expect(text).toContain('title="rocket: ada"');
    expect(text).toMatch(/class="label label-\d+"/);
    expect(readHtml(text).text).toContain("Blocked by");
    expect(text).toContain(`<a href="/ui/acme/demo/issues/1" title="Train the model">#1</a>`);
  });

  it("gets the colours of its labels from a stylesheet that holds nothing but colours", async () => {
    const { repo, look } = pages;
    for (const label of repo.labels.values()) label.color = "6f42c1";
    repo.labels.set("bad", { id: 99, name: "bad", color: "red}*{display:none", description: null });

    const { text, headers } = await look("/ui/acme/demo/labels.css");

    expect(headers.get("content-type")).toBe("text/css; charset=utf-8");
    expect(text).toMatch(/^(?:\.label-\d+\{--label:#[0-9a-f]{6}\}\n?)+$/);
  });

  it("moves to the list of closed ones when it ends", async () => {
    const { repo, look } = pages;
    const blocker = repo.issues.get(2)!;
    blocker.state = "closed";
    blocker.stateReason = "not_planned";
    blocker.closedAt = blocker.createdAt;

    const { text: list } = await look("/ui/acme/demo/issues?state=closed");
    const { text: page } = await look("/ui/acme/demo/issues/2");

    expect(list).toContain("/ui/acme/demo/issues/2");
    expect(readHtml(page).text).toContain("Closed as not planned");
  });
});

describe("a pull request", () => {
  it("shows its branches, checks, commits and lines", async () => {
    const { look, pull, check } = pages;

    const { text } = await look(`/ui/acme/demo/pull/${pull.number}`);

    expect(text).toContain('<tr class="removed"><td class="number">1</td>');
    expect(text).toContain('<tr class="added"><td class="number"></td><td class="number">1</td>');
    expect(text).toContain(`href="/ui/acme/demo/runs/${check.id}"`);
    expect(text).toContain("approved these changes");
    expect(text).toContain("no conflicts with its base");
  });

  it("says where it stands in the merge queue, and leads to who merges from there", async () => {
    const { look, pull, repo, sandbox } = pages;
    const { baseRef, headSha, number } = pull;
    const group = { ref: "refs/heads/gh-readonly-queue/main/pr-3-0", headSha, baseSha: headSha };
    queueBot(sandbox.world);
    repo.queue.push({ pullNumber: 1, baseRef, headSha, group: null });
    repo.queue.push({ pullNumber: number, baseRef, headSha, group });

    const { text } = await look(`/ui/acme/demo/pull/${number}`);
    repo.queue.length = 0;

    expect(readHtml(text).text).toContain("In the merge queue, number 2 of 2.");
    expect((await look("/ui/apps/github-merge-queue")).status).toBe(200);
  });
});

describe("a check", () => {
  it("shows its buttons and how they are pressed", async () => {
    const { look, check } = pages;

    const { text } = await look(`/ui/acme/demo/runs/${check.id}`);

    expect(readHtml(text).text).toContain(
      `{"repository":"acme/demo","checkRunId":${check.id},"identifier":"again","login":"…"}`,
    );
  });
});

describe("a run", () => {
  it("shows inputs, steps, the log and earlier attempts", async () => {
    const { look, run, job } = pages;

    const { text } = await look(`/ui/acme/demo/actions/runs/${run.id}`);

    expect(text).toContain("2 min 5 s");
    expect(text).toContain("Earlier attempts");
    expect(text).toContain(`href="/ui/acme/demo/actions/runs/${run.id}/job/${job.id}/log"`);
    expect(text).toContain(
      '<li class="log-error"><span class="at">11:59:02</span><span class="text">Loss is NaN</span>',
    );
    expect(text).toContain(
      '<summary><span class="at">11:59:00</span><span class="text">Set up</span></summary>',
    );
  });

  it("gives its artifacts to be saved until they expire", async () => {
    const { look, run, artifact } = pages;
    const path = `/ui/acme/demo/actions/runs/${run.id}/artifacts/${artifact.id}`;

    const { status, headers, text } = await look(path);
    artifact.expired = true;
    const later = await look(path);
    artifact.expired = false;

    expect({ status, text }).toEqual({ status: 200, text: "PK\u0005\u0006" });
    expect(headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''some%20text.zip");
    expect(later.status).toBe(404);
  });
});

describe("a file", () => {
  it("is given raw only as plain text", async () => {
    const { headers, text } = await pages.look("/ui/acme/demo/raw/main/src/a.ts");

    expect(headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(text).toBe("export const a = 1;\n");
  });

  it("is found on a branch with slashes, and has a place for every line", async () => {
    const { text } = await pages.look("/ui/acme/demo/blob/autopilot/1/src/a.ts");

    expect(text).toContain('<tr id="L1">');
  });
});

/** Each of these acts in a page that forgets to escape in one of the ways there are. */
const HOSTILE = [
  `<script>x()</script>`,
  `"><img src=x onerror=x()>`,
  `' onmouseover='x()' a='`,
  `</title></textarea></style><svg onload=x()>`,
  `<!--><script>x()</script>-->`,
  `[a](javascript:x()) <a href="javascript:x()">b</a>`,
  `<details open ontoggle=x()>\n\n</details></div></main>`,
  `javascript:x()`,
  `"},{isEscaped:true}\u0000\u2028<svg/onload=x()>`,
  `\u001b[31m<iframe srcdoc="<script>x()</script>">`,
];

describe("what strangers write", () => {
  it.each(HOSTILE)("stays text on every page: %j", async (text) => {
    const fileName = text.replace(/[\0/]/g, "_");
    const branch = `b-${text.replace(/[\p{Cc} ~^:?*[\]\\/]/gu, "_")}`;
    const log = `2026-11-20T11:59:00Z ##[group]${text}\n2026-11-20T11:59:00Z ##[error]${text}\n${text}`;
    const texts = {
      title: text,
      body: `${text}\n\n> ${text}\n\n| ${text} |\n|---|\n`,
      label: text.slice(0, 50),
      any: text,
      branch,
      fileName,
      log,
    };
    const hostile = await openPagesWorld(texts);

    try {
      const { pull, repo } = hostile;
      const folder = `/ui/acme/demo/blob/${pull.headSha}/${encodeURIComponent(fileName)}`;
      for (const path of [...listPages(hostile), folder, "/ui/acme/demo/nothing"]) {
        const { status, text: page } = await hostile.look(path);
        expect({ path, status, parts: findActiveParts(page) }).toEqual({
          path,
          status: path.endsWith("/nothing") ? 404 : 200,
          parts: [],
        });
      }
      expect(repo.issues.get(1)?.title).toBe(text);
    } finally {
      await hostile.close();
    }
  });
});
