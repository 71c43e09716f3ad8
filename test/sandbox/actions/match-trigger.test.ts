import { describe, expect, it } from "vitest";
import { type EventTraits, matchesTrigger } from "../../../src/sandbox/actions/triggers/match-trigger.ts";

function matches(
  filters: Readonly<Record<string, readonly string[]>>,
  traits: Partial<EventTraits>,
): boolean {
  const base: EventTraits = {
    event: "push",
    action: null,
    branch: "main",
    tag: null,
    workflowName: null,
    changedPaths: () => [],
  };
  return matchesTrigger({ filters, inputs: new Map(), outputs: {} }, { ...base, ...traits });
}

describe("the filters of a trigger", () => {
  it("let one star stop at a slash and two stars go on", () => {
    expect(matches({ branches: ["release/*"] }, { branch: "release/1/2" })).toBe(false);
    expect(matches({ branches: ["release/**"] }, { branch: "release/1/2" })).toBe(true);
  });

  it("let a later negative pattern take a branch out again", () => {
    expect(matches({ branches: ["fix/**", "!fix/no"] }, { branch: "fix/no" })).toBe(false);
  });

  it("leave out a tag when only branches are named, and a branch when only tags are", () => {
    expect(matches({ branches: ["**"] }, { branch: null, tag: "v1" })).toBe(false);
    expect(matches({ tags: ["v*"] }, { branch: "main" })).toBe(false);
    expect(matches({ tags: ["v*"] }, { branch: null, tag: "v1" })).toBe(true);
  });

  it("take a push of which one file is not ignored", () => {
    const filters = { "paths-ignore": ["docs/**"] };

    expect(matches(filters, { changedPaths: () => ["docs/a.md"] })).toBe(false);
    expect(matches(filters, { changedPaths: () => ["docs/a.md", "src/a.ts"] })).toBe(true);
  });

  it("start on a pull request's opening but not on its labels unless asked to", () => {
    expect(matches({}, { event: "pull_request", action: "opened" })).toBe(true);
    expect(matches({}, { event: "pull_request", action: "labeled" })).toBe(false);
    expect(matches({ types: ["labeled"] }, { event: "pull_request", action: "labeled" })).toBe(true);
  });

  it("look at the name of the workflow that ran before", () => {
    expect(
      matches({ workflows: ["CI"] }, { event: "workflow_run", action: "completed", workflowName: "CI" }),
    ).toBe(true);
    expect(
      matches({ workflows: ["CI"] }, { event: "workflow_run", action: "completed", workflowName: "X" }),
    ).toBe(false);
  });
});
