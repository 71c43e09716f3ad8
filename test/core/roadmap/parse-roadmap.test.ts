import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRoadmap } from "../../../src/core/roadmap/parse-roadmap.ts";
import type { Roadmap } from "../../../src/core/roadmap/roadmap.ts";
import { renderProblem } from "../../../src/core/yaml/problem.ts";
import { busyMs } from "../../support/busy-ms.ts";

function roadmapOf(text: string): Roadmap {
  const parsed = parseRoadmap(text);
  if (!parsed.ok) throw new Error(parsed.problems.map(renderProblem).join("\n"));
  return parsed.roadmap;
}

function problemsOf(text: string): readonly string[] {
  const parsed = parseRoadmap(text);
  return parsed.ok ? [] : parsed.problems.map(renderProblem);
}

function dependenciesText(dependencies: Readonly<Record<string, readonly string[]>>): string {
  const tasks = Object.entries(dependencies).map(
    ([id, dependsOn]) => `  - { id: ${id}, title: t, dependsOn: [${dependsOn.join(", ")}] }`,
  );
  return ["version: 1", "tasks:", ...tasks].join("\n");
}

describe("parseRoadmap", () => {
  it("reads a complete roadmap", () => {
    const roadmap = roadmapOf(`
version: 1
epics: [{ id: E1, title: Forecasting }]
milestones:
  - { id: M1, title: Beta, day: 30, date: 2026-09-30 }
tasks:
  - id: T-MLR-1.2
    title: Generate 3 years of synthetic data for 20 tenants
    status: in-progress
    kind: data
    phase: build
    priority: p1
    revenue: true
    epic: E1
    milestone: M1
    requires: { paths: [pipeline/generate.mjs], workflows: [generate.yml], inputs: [DATA_KEY], secrets: [PARTNER_KEY] }
    acceptance: { metrics: [{ metric: r2, where: { tenant: 07 }, min: 0.65 }], artifacts: [data] }
    owner: data-engineer
    supporting: [test-writer]
    deliverables: [data for 20 tenants]
    evidence: [https://example.org/run/1]
    designReview: docs/design.md
  - { id: T-MLR-1.3, title: Train, dependsOn: [T-MLR-1.2] }
`);

    expect(roadmap.epics).toEqual([{ id: "E1", title: "Forecasting" }]);
    expect(roadmap.milestones).toEqual([{ id: "M1", title: "Beta", day: 30, date: "2026-09-30" }]);
    expect(roadmap.tasks).toEqual([
      {
        id: "T-MLR-1.2",
        title: "Generate 3 years of synthetic data for 20 tenants",
        status: "in-progress",
        kind: "data",
        phase: "build",
        priority: "p1",
        revenue: true,
        epic: "E1",
        milestone: "M1",
        dependsOn: [],
        paths: [],
        requires: {
          paths: ["pipeline/generate.mjs"],
          workflows: ["generate.yml"],
          inputs: ["DATA_KEY"],
          secrets: ["PARTNER_KEY"],
        },
        acceptance: {
          metrics: [
            { metric: "r2", where: { tenant: "07" }, min: 0.65, max: undefined, minSamples: undefined },
          ],
          artifacts: ["data"],
        },
        owner: "data-engineer",
        supporting: ["test-writer"],
        deliverables: ["data for 20 tenants"],
        evidence: ["https://example.org/run/1"],
        designReview: "docs/design.md",
      },
      {
        id: "T-MLR-1.3",
        title: "Train",
        status: "todo",
        kind: undefined,
        phase: undefined,
        priority: "p2",
        revenue: false,
        epic: undefined,
        milestone: undefined,
        dependsOn: ["T-MLR-1.2"],
        paths: [],
        requires: { paths: [], workflows: [], inputs: [], secrets: [] },
        acceptance: undefined,
        owner: undefined,
        supporting: [],
        deliverables: [],
        evidence: [],
        designReview: undefined,
      },
    ]);
    expect(Object.isFrozen(roadmap.tasks[0])).toBe(true);
  });

  it("reads a roadmap without tasks", () => {
    expect(roadmapOf("version: 1")).toEqual({ version: 1, epics: [], milestones: [], tasks: [] });
  });

  it("names every misspelt key and wrong value with its place", () => {
    const text = `
version: 1
milestones: [{ id: M1, title: Beta, date: 30.9.2026 }]
tasks:
  - id: -T1
    titel: Generate
    status: doing
    priority: p4
    phase: biuld
    dependson: []
    requires: { path: [], paths: [../secret] }
    acceptance: { metrics: [{ metric: r2 }] }
`;

    expect(problemsOf(text)).toEqual([
      "3:43: milestones[0].date must be a date such as 2026-09-30",
      "5:5: tasks[0].title is missing",
      "5:9: tasks[0].id must consist of letters, digits, dots, - and _, at most 64, such as T-MLR-1.2",
      '6:5: unknown key "titel" (did you mean "title"?)',
      '7:13: tasks[0].status must be one of todo, in-progress, done, dropped, not "doing" (did you mean "done"?)',
      '8:15: tasks[0].priority must be one of p0, p1, p2, p3, not "p4" (did you mean "p0"?)',
      '9:12: tasks[0].phase must be one of plan, build, test, release, deploy, monitor, learn, sustain, not "biuld" (did you mean "build"?)',
      '10:5: unknown key "dependson" (did you mean "dependsOn"?)',
      '11:17: unknown key "path" (did you mean "paths"?)',
      "11:35: tasks[0].requires.paths[0] must be a path from the root of the repository, such as .github/roadmap.yml",
      "12:29: tasks[0].acceptance.metrics[0] must have a min, max, above or below",
    ]);
  });

  it("takes names of secrets, never what could be their value, and files for designs", () => {
    const text = `version: 1
tasks:
  - id: A
    title: One
    requires: { secrets: [PARTNER_KEY, "ghp_not a name", GITHUB_TOKEN] }
    designReview: https://example.org/review/1
`;

    expect(problemsOf(text)).toEqual([
      "5:40: tasks[0].requires.secrets[1] must be the name of a secret such as PARTNER_KEY, never its value",
      "5:58: tasks[0].requires.secrets[2] must be the name of a secret such as PARTNER_KEY, never its value",
      "6:19: tasks[0].designReview must be a path from the root of the repository, such as .github/roadmap.yml",
    ]);
  });

  it("F113 names every id that is unknown, with what was probably meant", () => {
    const text = `
version: 1
epics: [{ id: forecasting, title: F }]
milestones: [{ id: beta, title: B }]
tasks:
  - { id: T-1, title: a, epic: forcasting, milestone: gamma }
  - { id: T-2, title: b, dependsOn: [T-1, T-99, X] }
`;

    expect(problemsOf(text)).toEqual([
      '6:32: there is no epic "forcasting" (did you mean "forecasting"?)',
      '6:55: there is no milestone "gamma"',
      '7:43: there is no task "T-99" (did you mean "T-1"?)',
      '7:49: there is no task "X"',
    ]);
  });

  it("names the second of two equal ids, in each section", () => {
    const text = `
version: 1
epics: [{ id: A, title: a }, { id: A, title: b }]
milestones: [{ id: A, title: a }]
tasks: [{ id: A, title: a }, { id: B, title: b }, { id: A, title: c }]
`;

    expect(problemsOf(text)).toEqual([
      '3:36: there are two epics with the id "A"',
      '5:57: there are two tasks with the id "A"',
    ]);
  });

  it("F113 names a circle of dependencies edge by edge, where it begins", () => {
    expect(problemsOf(dependenciesText({ A: ["B"], B: ["C"], C: ["A"] }))).toEqual([
      "3:36: the dependencies form a circle: A → B → C → A",
    ]);
    expect(problemsOf(dependenciesText({ A: ["A"] }))).toEqual([
      "3:36: the dependencies form a circle: A → A",
    ]);
  });

  it("F113 begins a circle with its first task in the file, not with the one that leads into it", () => {
    expect(problemsOf(dependenciesText({ X: ["C"], A: ["B"], B: ["C"], C: ["X2", "A"], X2: [] }))).toEqual([
      "4:36: the dependencies form a circle: A → B → C → A",
    ]);
  });

  it("F113 names several circles, also where they overlap", () => {
    expect(problemsOf(dependenciesText({ A: ["B"], B: ["A", "C"], C: ["D"], D: ["C", "B"] }))).toEqual([
      "3:36: the dependencies form a circle: A → B → A",
      "4:39: the dependencies form a circle: B → C → D → B",
      "5:36: the dependencies form a circle: C → D → C",
    ]);
  });

  it("takes a diamond for what it is", () => {
    expect(problemsOf(dependenciesText({ A: ["B", "C"], B: ["D"], C: ["D"], D: [] }))).toEqual([]);
  });

  it("F113 follows a chain through the largest file without running out of stack or time", () => {
    const count = 1_400;
    const chain = Array.from(
      { length: count },
      (_, index) => [`T${index}`, [`T${(index + 1) % count}`]] as const,
    );
    const text = dependenciesText(Object.fromEntries(chain));
    const start = busyMs();

    const problems = problemsOf(text);

    expect(busyMs() - start).toBeLessThan(2_000);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/circle: T0 → T1 → T2 .* → … → T1398 → T1399 → T0$/);
  });

  it("F113 accepts exactly the dependencies that can be put in an order", () => {
    const edges = fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { maxLength: 10 });

    fc.assert(
      fc.property(edges, (pairs) => {
        const ids = [0, 1, 2, 3, 4, 5, 6];
        const text = dependenciesText(
          Object.fromEntries(
            ids.map((id) => [`T${id}`, pairs.filter(([from]) => from === id).map(([, to]) => `T${to}`)]),
          ),
        );
        expect(problemsOf(text).length === 0).toBe(canBeOrdered(ids, pairs));
      }),
      { numRuns: 200 },
    );
  });

  it("never throws, whatever the values", () => {
    const key = fc.constantFrom(
      "version",
      "tasks",
      "epics",
      "milestones",
      "id",
      "title",
      "dependsOn",
      "requires",
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(1, null, "A", "B", true),
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(key, tie("tree")),
      ),
    }));

    fc.assert(
      fc.property(tree, (value) => {
        const parsed = parseRoadmap(JSON.stringify(value));
        expect(parsed.ok || parsed.problems.length > 0).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

/** An order exists if entries without open dependencies can be taken away until nothing is left. */
function canBeOrdered(ids: readonly number[], edges: readonly (readonly [number, number])[]): boolean {
  const free = ids.filter((id) => !edges.some(([from]) => from === id));
  if (free.length === 0) return ids.length === 0;
  return canBeOrdered(
    ids.filter((id) => !free.includes(id)),
    edges.filter(([, to]) => !free.includes(to)),
  );
}
