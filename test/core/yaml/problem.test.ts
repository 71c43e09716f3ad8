import { describe, expect, it } from "vitest";
import { createRecord } from "../../../src/core/yaml/create-record.ts";
import { freezeDeeply } from "../../../src/core/yaml/freeze-deeply.ts";
import { listProblems, renderPath, renderProblem } from "../../../src/core/yaml/problem.ts";

describe("problems", () => {
  it("are rendered with their place and, where there is one, what was meant", () => {
    const problem = { path: "limts", line: 12, column: 7, message: 'unknown key "limts"' };

    expect(renderProblem(problem)).toBe('12:7: unknown key "limts"');
    expect(renderProblem({ ...problem, hint: "limits" })).toBe(
      '12:7: unknown key "limts" (did you mean "limits"?)',
    );
  });

  it("are listed by line, then by column", () => {
    const at = (line: number, column: number) => ({ path: "", line, column, message: "" });

    const listed = listProblems([at(10, 1), at(2, 9), at(2, 10), at(2, 1)]);

    expect(listed.map(({ line, column }) => `${line}:${column}`)).toEqual(["2:1", "2:9", "2:10", "10:1"]);
  });

  it("name a path as people read it, and shorten what a file made long", () => {
    expect(renderPath(["kinds", "data", "stages", 0, "name"])).toBe("kinds.data.stages[0].name");
    expect(renderPath([])).toBe("");
    expect(renderPath(["k".repeat(1_000)])).toHaveLength(60);
  });
});

describe("what was read", () => {
  it("is frozen to the last level", () => {
    const value = freezeDeeply({ list: [{ inner: 1 }], text: "x", nothing: null });

    expect(Object.isFrozen(value.list[0])).toBe(true);
    expect(() => value.list.push({ inner: 2 })).toThrow(TypeError);
  });

  it("has no entry under a name that objects inherit", () => {
    const record = createRecord([["bugfix", 1]]);

    expect(record.constructor).toBeUndefined();
    expect(Object.keys(record)).toEqual(["bugfix"]);
  });
});
