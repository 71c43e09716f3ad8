import { describe, expect, it } from "vitest";
import { docsOnlyGate } from "../../../src/core/gate/rules/docs-only.ts";
import { buildTask } from "../../support/build-task.ts";
import { buildFile, buildSubject, buildWork, say, wordOf } from "./build-subject.ts";

const touching = (...paths: readonly string[]) => ({
  pull: { files: paths.map((path) => buildFile({ path })) },
});
const judge = (...paths: readonly string[]) =>
  wordOf(docsOnlyGate.evaluate(buildSubject(touching(...paths))));

describe("docsOnlyGate", () => {
  it.each([
    "README.md",
    "ReadMe.MD",
    "src/notes.txt",
    "src/guide.mdx",
    "a/b/c.rst",
    "manual.adoc",
    "LICENSE",
    "packages/a/CHANGELOG",
    "docs/index.html",
    "docs/data/notes.txt",
    "docs/.vitepress/config.ts",
    "Docs/a.json",
    "packages/a/docs/shot.png",
  ])("F132 fails when %s is all that changed", (path) => {
    expect(judge(path)).toBe("FAIL");
    expect(judge(path, "NOTES.md", "docs/a.md")).toBe("FAIL");
    expect(judge(path, "src/price.ts")).toBe("PASS");
  });

  it.each([
    "src/price.ts",
    "requirements.txt",
    "requirements-dev.txt",
    "tools/dev-requirements.txt",
    "requirements/base.txt",
    "constraints.txt",
    "CMakeLists.txt",
    "lib/cmakelists.txt",
    "public/robots.txt",
    "test/fixtures/words.txt",
    "src/data/stopwords.txt",
    "src/app/docs/page.tsx",
    "logo.png",
    "md",
    "package.json",
    "docs.ts",
  ])("passes when %s changed", (path) => {
    expect(judge(path)).toBe("PASS");
  });

  it("looks at both ends of a rename", () => {
    const files = [buildFile({ path: "docs/a.md", previousPath: "src/a.ts", status: "renamed" })];
    expect(wordOf(docsOnlyGate.evaluate(buildSubject({ pull: { files } })))).toBe("PASS");
  });

  it("passes documents that were asked for", () => {
    const work = buildWork({ isDocumentation: true });
    expect(say(docsOnlyGate, { ...touching("README.md"), work })).toBe(
      "PASS: Documents are what was asked for.",
    );
  });

  it("says what was seen, and which key would allow it", () => {
    const work = buildWork({ task: buildTask({ kind: "chore" }) });
    expect(docsOnlyGate.evaluate(buildSubject({ ...touching("README.md", "docs/a.md"), work }))).toEqual({
      gate: "docs_only",
      verdict: "FAIL",
      message: "The task asked for execution, and only documents changed.",
      seen: "2 of 2 paths are documents",
      wanted: "more than documents",
      howToFix:
        "Do the work itself; if documents are what the kind `chore` asks for, set its `documentation: true`.",
    });
  });

  it("does not pass a change of nothing", () => {
    expect(judge()).toBe("FAIL");
  });

  it("F149 is blocked when the list of files is not complete", () => {
    expect(wordOf(docsOnlyGate.evaluate(buildSubject({ pull: { files: null } })))).toBe("BLOCKED");
    expect(wordOf(docsOnlyGate.evaluate(buildSubject({ pull: { changedFiles: 2 } })))).toBe("BLOCKED");
  });

  it("is asked about tasks only", () => {
    expect(docsOnlyGate.appliesTo?.(buildSubject())).toBe(true);
    expect(docsOnlyGate.appliesTo?.(buildSubject({ work: null }))).toBe(false);
  });
});
