import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editRoadmap, type RoadmapEdit } from "../../../src/core/roadmap/edit-roadmap.ts";
import { parseRoadmap } from "../../../src/core/roadmap/parse-roadmap.ts";

const LINK = "https://github.test/acme/shop/pull/7";

function done(id: string, evidence: string | null = null): RoadmapEdit {
  return { id, status: "done", evidence };
}

/** The lines of the file that are not the same afterwards, as `- before` and `+ after`. */
function changedLines(text: string, edits: readonly RoadmapEdit[]): readonly string[] {
  const [before, after] = [text, editRoadmap(text, edits).text].map((part) => (part ?? "").split("\n"));
  const gone = (before ?? []).filter((line) => !after?.includes(line)).map((line) => `- ${line}`);
  return [...gone, ...(after ?? []).filter((line) => !before?.includes(line)).map((line) => `+ ${line}`)];
}

const FILE = `# The plan of the year
version: 1   # never change this

tasks:
  # first of all
  - id: A
    title: "Alpha: one" # why not
    status: todo   # waits for the partner
    kind: data

  - { id: B, title: Beta, status: 'in-progress', evidence: [docs/b.md] } # small
  - title: Gamma
    id: C # the third
    evidence:
      # the first proof
      - docs/c.md
  - {id: D, title: Delta}
  - id: E
    title: >-
      Epsilon
      goes on
`;

describe("editRoadmap", () => {
  it("changes the status and nothing else of its line", () => {
    expect(changedLines(FILE, [done("A")])).toEqual([
      "-     status: todo   # waits for the partner",
      "+     status: done   # waits for the partner",
    ]);
  });

  it("adds evidence in a line of its own below the status", () => {
    expect(changedLines(FILE, [done("A", LINK)])).toEqual([
      "-     status: todo   # waits for the partner",
      "+     status: done   # waits for the partner",
      `+     evidence: ["${LINK}"]`,
    ]);
  });

  it("keeps quotes and puts new evidence before the old in a task in braces", () => {
    expect(changedLines(FILE, [done("B", LINK)])).toEqual([
      "-   - { id: B, title: Beta, status: 'in-progress', evidence: [docs/b.md] } # small",
      `+   - { id: B, title: Beta, status: 'done', evidence: ["${LINK}", docs/b.md] } # small`,
    ]);
  });

  it("adds a status below the id, and an item to a list that has one per line", () => {
    expect(changedLines(FILE, [done("C", LINK)])).toEqual(["+     status: done", `+       - "${LINK}"`]);
  });

  it("adds both keys to a task in braces that has neither", () => {
    expect(changedLines(FILE, [done("D", LINK)])).toEqual([
      "-   - {id: D, title: Delta}",
      `+   - {id: D, status: done, evidence: ["${LINK}"], title: Delta}`,
    ]);
  });

  it("leaves evidence alone that is there already, also the second time", () => {
    const once = editRoadmap(FILE, [done("B", "docs/b.md")]).text;

    expect(once).toBe(FILE.replace("'in-progress'", "'done'"));
    expect(editRoadmap(once, [done("B", "docs/b.md")]).text).toBe(once);
  });

  it("makes several edits, each on top of the one before", () => {
    const { text, made, refused } = editRoadmap(FILE, [done("A", LINK), done("E"), done("C", LINK)]);
    const parsed = parseRoadmap(text);

    expect(made.map(({ id }) => id)).toEqual(["A", "E", "C"]);
    expect(refused).toEqual([]);
    expect(parsed.ok && parsed.roadmap.tasks.map(({ status }) => status)).toEqual([
      "done",
      "in-progress",
      "done",
      "todo",
      "done",
    ]);
  });

  it("keeps the line endings of the file, and a last line without one", () => {
    const text = "version: 1\r\ntasks:\r\n  - title: One\r\n    id: A";

    expect(editRoadmap(text, [done("A", LINK)]).text).toBe(
      `${text}\r\n    status: done\r\n    evidence: ["${LINK}"]`,
    );
  });

  it("finds its places behind a byte order mark", () => {
    const text = "\uFEFF{ version: 1, tasks: [{ id: A, title: One, status: todo }] }";

    expect(editRoadmap(text, [done("A")]).text).toBe(text.replace("todo", "done"));
  });

  it.each([
    [
      "a status in a block of its own",
      "version: 1\ntasks:\n  - id: A\n    title: One\n    status: >-\n      todo\n",
    ],
    [
      "a status on the line below its key",
      "version: 1\ntasks:\n  - id: A\n    title: One\n    status:\n      !!str todo\n",
    ],
    [
      "keys that are marked with question marks",
      "version: 1\ntasks:\n  - ? id\n    : A\n    ? title\n    : One\n",
    ],
  ])("refuses %s and leaves the file as it is", (_, text) => {
    const { text: after, made, refused } = editRoadmap(text, [done("A")]);

    expect(after).toBe(text);
    expect(made).toEqual([]);
    expect(refused.map(({ id }) => id)).toEqual(["A"]);
  });

  it("refuses a task that the file does not have, and says so", () => {
    expect(editRoadmap(FILE, [done("Z")]).refused).toEqual([{ id: "Z", why: "the file has no such task" }]);
  });

  it("changes the meaning of exactly one task, whatever the layout", () => {
    const line = fc.record({
      inBraces: fc.boolean(),
      status: fc.constantFrom("", "todo", "'todo'", '"in-progress"'),
      evidence: fc.constantFrom("", "[]", "[a, b]", "block"),
      comment: fc.constantFrom("", " # note", "   # status: done"),
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), fc.nat(5), (tasks, chosen) => {
        const text = `version: 1\ntasks:\n${tasks.map(writeTask).join("")}`;
        const id = `T-${chosen % tasks.length}`;
        const { text: after, made } = editRoadmap(text, [done(id, LINK)]);
        const [was, is] = [parseRoadmap(text), parseRoadmap(after)];
        if (!was.ok || !is.ok) throw new Error("the generated file is not valid");

        expect(made).toHaveLength(1);
        expect(is.roadmap.tasks.filter((task) => task.id !== id)).toEqual(
          was.roadmap.tasks.filter((task) => task.id !== id),
        );
        expect(is.roadmap.tasks.find((task) => task.id === id)).toMatchObject({ status: "done" });
        expect(commentsIn(after)).toEqual(commentsIn(text));
      }),
      { numRuns: 200 },
    );
  });
});

interface WrittenTask {
  readonly inBraces: boolean;
  readonly status: string;
  readonly evidence: string;
  readonly comment: string;
}

function writeTask({ inBraces, status, evidence, comment }: WrittenTask, index: number): string {
  const keys = [
    `id: T-${index}`,
    `title: Task ${index}`,
    ...(status === "" ? [] : [`status: ${status}`]),
    ...(evidence === "" || evidence === "block" ? [] : [`evidence: ${evidence}`]),
  ];
  if (inBraces) return `  - { ${keys.join(", ")} }${comment}\n`;
  const list = evidence === "block" ? "    evidence:\n      - x\n" : "";
  return `  - ${keys.map((key) => `${key}${comment}`).join("\n    ")}\n${list}`;
}

function commentsIn(text: string): readonly string[] {
  return [...text.matchAll(/ #.*$/gm)].map(([comment]) => comment);
}
