import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseKnowledge } from "../../../src/core/knowledge/choose-knowledge.ts";
import { cleanLearnings } from "../../../src/core/knowledge/clean-learnings.ts";
import { expiryOf, Knowledge, listKnown, NOTHING_KNOWN } from "../../../src/core/knowledge/knowledge.ts";
import { forget, learn, type Source } from "../../../src/core/knowledge/learn.ts";
import { areaOfGlob } from "../../../src/core/queue/overlap/areas.ts";
import { NOW } from "../../support/build-task.ts";

const DAY_MS = 86_400_000;
const PRICES = { title: "Prices are cents", body: "Never floats.", paths: ["src/price/**"] };
const EVERYWHERE = { title: "Tests run offline", body: "", paths: [] };

function from(issue: number, now = NOW): Source {
  return { taskId: `1001.${issue}.1`, issue, runId: issue * 100, now };
}

function known(...learnings: readonly (typeof PRICES)[]): Knowledge {
  return learn(NOTHING_KNOWN, learnings, from(1));
}

function scoped(knowledge: Knowledge, ...paths: readonly string[]): readonly string[] {
  return chooseKnowledge(knowledge, { scope: paths.map(areaOfGlob), now: NOW }).map(({ title }) => title);
}

describe("what is learned", () => {
  it("names its source, and is seen once", () => {
    expect(known(PRICES).objects).toEqual([
      {
        ...{ id: expect.stringMatching(/^[0-9a-f]{8}$/u), ...PRICES, seen: 1, firstAt: NOW, lastAt: NOW },
        ...{ taskId: "1001.1.1", issue: 1, runId: 100 },
      },
    ]);
  });

  it("is surer and lasts longer when another task learns it again, however it writes it", () => {
    const later = NOW + 10 * DAY_MS;
    const again = learn(
      known(PRICES),
      [{ ...PRICES, title: "prices: are CENTS!", body: "Ints." }],
      from(2, later),
    );

    expect(again.objects).toMatchObject([{ seen: 2, body: "Ints.", issue: 2, firstAt: NOW, lastAt: later }]);
    expect(again.objects.map(expiryOf)).toEqual([later + 90 * DAY_MS]);
  });

  it("is not surer because one task says it twice", () => {
    expect(learn(known(PRICES), [PRICES, PRICES], from(1)).objects).toMatchObject([{ seen: 1 }]);
  });

  it("is another thing about other paths", () => {
    expect(known(PRICES, { ...PRICES, paths: ["docs/**"] }).objects).toHaveLength(2);
  });

  it("is dropped 90 days after it was learned last", () => {
    const knowledge = known(PRICES);

    expect(listKnown(knowledge, NOW + 90 * DAY_MS - 1)).toHaveLength(1);
    expect(listKnown(knowledge, NOW + 90 * DAY_MS)).toEqual([]);
    expect(learn(knowledge, [EVERYWHERE], from(2, NOW + 90 * DAY_MS)).objects).toMatchObject([EVERYWHERE]);
  });

  it("does not come back once it is forgotten", () => {
    const knowledge = known(PRICES, EVERYWHERE);
    const id = knowledge.objects.find(({ title }) => title === PRICES.title)?.id ?? "";
    const without = forget(knowledge, id);

    expect(without?.objects).toMatchObject([EVERYWHERE]);
    expect(learn(without ?? knowledge, [PRICES], from(3)).objects).toMatchObject([EVERYWHERE]);
    expect(forget(knowledge, "00000000")).toBeUndefined();
  });

  it("never grows beyond its bounds, whatever tasks learn, and keeps what was seen most", () => {
    const learning = fc.record({
      title: fc.string({ maxLength: 200, minLength: 1 }),
      body: fc.string({ maxLength: 1000, minLength: 700 }),
      paths: fc.constant([]),
    });
    fc.assert(
      fc.property(fc.array(learning, { minLength: 60, maxLength: 260 }), (learnings) => {
        const sure = learn(learn(NOTHING_KNOWN, [PRICES], from(1)), [PRICES], from(2));
        const full = learn(sure, learnings, from(3, NOW + 1));
        const chars = full.objects.reduce((sum, { title, body }) => sum + title.length + body.length, 0);
        expect(full.objects.length).toBeLessThanOrEqual(200);
        expect(chars).toBeLessThanOrEqual(64_000);
        expect(full.objects[0]).toMatchObject(PRICES);
        expect(Knowledge.parse(JSON.parse(JSON.stringify(full)))).toEqual(full);
      }),
      { numRuns: 20 },
    );
  });
});

describe("what a worker reports as learned", () => {
  it("becomes one line each without what hides, cut to its length", () => {
    const [learning] = cleanLearnings([
      { title: " a\n# b\u202e ", body: `x\u0000y\r\n${"z".repeat(5000)}`, paths: ["src/**"] },
    ]);

    expect(learning).toMatchObject({ title: "a # b", paths: ["src/**"] });
    expect(learning?.body.startsWith("x yz")).toBe(false);
    expect(learning?.body.startsWith("x y zz")).toBe(true);
    expect(learning?.body).toHaveLength(1000);
  });

  it("I13 is kept without what looks like a credential", () => {
    const [learning] = cleanLearnings([
      { title: "The token", body: `It is ghp_${"a1B2".repeat(9)} now.`, paths: [] },
    ]);

    expect(learning?.body).toBe("It is [redacted] now.");
  });

  it("is dropped without a title, and when none of its paths can be read", () => {
    const { title, body } = PRICES;

    expect(cleanLearnings([{ title: " \n", body, paths: [] }])).toEqual([]);
    expect(cleanLearnings([{ title, body, paths: ["../etc/passwd", "(a|b)+"] }])).toEqual([]);
    expect(cleanLearnings([{ title, body, paths: ["../etc", "src/**"] }])).toMatchObject([
      { paths: ["src/**"] },
    ]);
  });

  it("is at most ten things of one task", () => {
    const many = Array.from({ length: 50 }, (_, index) => ({ title: `${index}`, body: "", paths: [] }));

    expect(cleanLearnings(many)).toHaveLength(10);
  });
});

describe("what a task is told", () => {
  it("is about the paths that it works on, then about everything", () => {
    const knowledge = known(EVERYWHERE, PRICES, { ...PRICES, title: "Docs are short", paths: ["docs/**"] });

    expect(scoped(knowledge, "src/price/round.ts")).toEqual(["Prices are cents", "Tests run offline"]);
  });

  it("is about everything only, where nobody knows what the task works on", () => {
    expect(scoped(known(EVERYWHERE, PRICES))).toEqual(["Tests run offline"]);
  });

  it("is five things at most, the surest first", () => {
    const titles = Array.from({ length: 9 }, (_, index) => `Thing ${index}`);
    const once = known(...titles.map((title) => ({ title, body: "", paths: [] })));
    const twice = learn(once, [{ title: "Thing 8", body: "", paths: [] }], from(2, NOW - 1));

    expect(scoped(twice)).toHaveLength(5);
    expect(scoped(twice)[0]).toBe("Thing 8");
  });
});
