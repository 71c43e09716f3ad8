import { describe, expect, it } from "vitest";
import type { Config } from "../../../src/core/config/config.ts";
import { describeConfigChange } from "../../../src/core/config/describe-change.ts";
import { parseConfig } from "../../../src/core/config/parse-config.ts";
import { renderProblem } from "../../../src/core/yaml/problem.ts";

function configOf(lines: string): Config {
  const parsed = parseConfig(`version: 1\n${lines}`);
  if (!parsed.ok) throw new Error(parsed.problems.map(renderProblem).join("\n"));
  return parsed.config;
}

function changesOf(before: string, after: string): readonly string[] {
  return describeConfigChange(configOf(before), configOf(after)).map(
    (change) => `${change.direction} ${change.key}: ${change.before} → ${change.after}`,
  );
}

const FILE = "roadmap: roadmap.yml\n";

describe("the keys of a living roadmap", () => {
  it("open three issues and write back unless they say otherwise", () => {
    expect(configOf(FILE)).toMatchObject({
      roadmapIssues: { open: 3 },
      roadmapUpdates: { pullRequest: true, context: undefined },
    });
  });

  it("count as looser when a roadmap comes, since work begins by itself", () => {
    expect(changesOf("", FILE)).toEqual([
      "looser roadmapIssues.open: 0 → 3",
      "looser roadmapUpdates.pullRequest: off → on",
      "neutral roadmap: none → roadmap.yml",
    ]);
  });

  it("say nothing where there is no roadmap", () => {
    expect(changesOf("", "roadmapIssues: { open: 9 }\n")).toEqual([]);
  });

  it.each([
    ["roadmapIssues: { open: 1 }", "roadmapIssues: { open: 2 }", "looser roadmapIssues.open: 1 → 2"],
    ["roadmapIssues: { open: 2 }", "roadmapIssues: { open: 0 }", "tighter roadmapIssues.open: 2 → 0"],
    ["", "roadmapUpdates: { pullRequest: false }", "tighter roadmapUpdates.pullRequest: on → off"],
    ["", "roadmapUpdates: { context: docs/c.md }", "neutral roadmapUpdates.context: none → docs/c.md"],
  ])("from %s to %s are named as a change", (before, after, change) => {
    expect(changesOf(FILE + before, FILE + after)).toEqual([change]);
  });

  it.each([
    ["roadmapIssues: { open: 101 }", "2:24: roadmapIssues.open must be at most 100"],
    ["roadmapUpdates: { context: src/a.ts }", "must be a .md, .markdown or .txt file"],
    ["roadmapUpdates: { context: ../a.md }", "must be a path from the root of the repository"],
    ["roadmapUpdates: { contxt: a.md }", 'unknown key "contxt" (did you mean "context"?)'],
  ])("refuse %s", (line, problem) => {
    const parsed = parseConfig(`version: 1\n${line}`);

    expect(parsed.ok ? [] : parsed.problems.map(renderProblem)).toEqual([expect.stringContaining(problem)]);
  });
});
