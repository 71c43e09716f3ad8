import { describe, expect, it } from "vitest";
import { findWeakenings } from "../../../src/core/gate/weakening/find-weakenings.ts";
import { buildFile, patchOf } from "./build-subject.ts";

/** What speaks against a patch of old tests; its lines stand between the same two others. */
function weaken(path: string, patch: string): readonly string[] {
  return findWeakenings(buildFile({ path, patch: patchOf(...patch.split("\n")) })).map(({ what }) => what);
}

const TS = "test/total.test.ts";
const OLD_TS = ' it("adds", () => {\n   const sum = total(prices);\n   expect(sum).toBe(3);\n });';

describe("additions that are called like tests", () => {
  it.each([
    "it.beforeEach(() => { calc.total = () => 3; });",
    "test.serial.beforeEach(() => { calc.total = () => 3; });",
    "test.use({ baseURL: fake });",
    "test.override({ db: fake });",
    'context.mock.method(calc, "total", () => 3);',
    'describe("x", quiet());',
    'describe("x", (a = Object.assign(calc, fake)) => {});',
    "run();",
  ])("are kept back: %s", (line) => {
    expect(weaken(TS, `+${line}\n+\n${OLD_TS}`)).not.toEqual([]);
  });

  it.each([
    [TS, 'it("is", () => {\n  expect(total([1])).toBe(1);\n});'],
    [TS, 'it("is", { timeout: 500 }, async () => {\n  expect(total([1])).toBe(1);\n});'],
    [TS, 'it.each([\n  [1, 2],\n])("is %s", (a, b) => {\n  expect(a).toBe(b);\n});'],
    [
      TS,
      "describe(total, function () {\n  it('is (or not)', async ({ page }) => {\n    expect(1).toBe(1);\n  });\n});",
    ],
    ["total_test.go", 't.Run("is", func(t *testing.T) {\n\tcheck(t)\n})'],
    ["spec/total_spec.rb", 'it "is" do\n  expect(1).to eq(1)\nend'],
    ["tests/TotalTest.php", "it('is', function () {\n  expect(1)->toBe(1);\n});"],
    ["test/total_test.dart", "test('is', () {\n  expect(1, 1);\n});"],
  ])("pass when they are tests, in %s: %s", (path, text) => {
    expect(weaken(path, `${text.replace(/^/gmu, "+")}\n+\n old(1)`)).toEqual([]);
  });
});

describe("groups around old tests", () => {
  it.each([
    'describe("slow", { skip: !process.env.FULL }, () => {',
    'describe("slow", { fails: true }, () => {',
    'describe.each([])("%s", () => {',
    'describe.for(CASES)("%s", () => {',
    'it("all", () => {',
    'describe("x", () => { return;',
    'describe("x", () => { const total = () => 3;',
  ])("are kept back unless they only hold them: %s", (head) => {
    expect(weaken(TS, `+${head}\n${OLD_TS}\n+});`)).not.toEqual([]);
  });

  it("pass when they only hold them", () => {
    expect(weaken(TS, `+describe("total", () => {\n${OLD_TS}\n+});`)).toEqual([]);
  });

  it("cannot split a test so that its rest has no case", () => {
    const rest = "   expect(sum).toBe(3);\n });";
    expect(
      weaken(
        TS,
        ` it("adds", () => {\n   const sum = total(prices);\n+});\n+\n+it.each([])("x %s", (sum) => {\n${rest}`,
      ),
    ).not.toEqual([]);
  });
});
