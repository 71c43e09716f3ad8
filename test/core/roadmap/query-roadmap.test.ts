import { describe, expect, it } from "vitest";
import { parseRoadmap } from "../../../src/core/roadmap/parse-roadmap.ts";
import { countUnblocked, findRoadmapTask, isOnRevenuePath } from "../../../src/core/roadmap/query-roadmap.ts";
import type { Roadmap } from "../../../src/core/roadmap/roadmap.ts";

function roadmapOf(tasks: string): Roadmap {
  const parsed = parseRoadmap(`version: 1\ntasks:\n${tasks}`);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.roadmap;
}

describe("findRoadmapTask", () => {
  const roadmap = roadmapOf(`
  - { id: T-MLR-1.2, title: a }
  - { id: T-MLR-1.20, title: b }
  - { id: Fix, title: c }
`);

  it.each([
    ["T-MLR-1.2 Generate data", "T-MLR-1.2"],
    ["T-MLR-1.2: Generate data", "T-MLR-1.2"],
    ["T-MLR-1.2. Generate data", "T-MLR-1.2"],
    ["[T-MLR-1.20] Generate data", "T-MLR-1.20"],
    ["  (T-MLR-1.2) Generate data", "T-MLR-1.2"],
    ["T-MLR-1.2", "T-MLR-1.2"],
  ])("finds the task of %j", (title, id) => {
    expect(findRoadmapTask(roadmap, { title })).toMatchObject({ id });
  });

  it.each([
    "Generate data",
    "",
    "T-MLR-1.3 x",
    "About T-MLR-1.2",
    "T-MLR-1",
    "fix the build",
    "T-MLR-1.2x",
    "[]",
  ])("finds none for %j", (title) => {
    expect(findRoadmapTask(roadmap, { title })).toBeUndefined();
  });
});

describe("dependents", () => {
  const roadmap = roadmapOf(`
  - { id: data, title: a }
  - { id: train, title: b, dependsOn: [data] }
  - { id: report, title: c, dependsOn: [data] }
  - { id: sell, title: d, dependsOn: [train, report], revenue: true }
  - { id: docs, title: e }
  - { id: party, title: f, dependsOn: [docs, sell] }
  - { id: old, title: g, dependsOn: [docs], revenue: true, status: done }
  - { id: after-old, title: h, dependsOn: [old], revenue: true }
`);

  it.each([
    ["data", true],
    ["report", true],
    ["sell", true],
    ["old", true],
    ["party", false],
    ["nowhere", false],
  ])("says of %s that it is on the revenue path: %s", (id, expected) => {
    expect(isOnRevenuePath(roadmap, id)).toBe(expected);
  });

  it("does not count what is closed: a done task waits for nobody", () => {
    expect(isOnRevenuePath(roadmap, "docs")).toBe(false);
    expect(countUnblocked(roadmap, "docs")).toBe(1);
  });

  it.each([
    ["data", 4],
    ["train", 2],
    ["sell", 1],
    ["party", 0],
    ["nowhere", 0],
  ])("counts for %s each waiting task once: %d", (id, expected) => {
    expect(countUnblocked(roadmap, id)).toBe(expected);
  });
});
