import { describe, expect, it } from "vitest";
import type { ChangedFile } from "../../../src/core/facts.ts";
import { assertionsGate } from "../../../src/core/gate/rules/assertions.ts";
import { buildFile, buildSubject, patchOf, wordOf } from "./build-subject.ts";

const TEST = "test/price.test.ts";
const PYTHON = "tests/test_price.py";

function answer(...files: readonly Partial<ChangedFile>[]) {
  const built = files.map((file) => buildFile({ path: TEST, ...file }));
  return assertionsGate.evaluate(buildSubject({ pull: { files: built } }));
}

const judge = (...files: readonly Partial<ChangedFile>[]) => wordOf(answer(...files));
const judgeLines = (lines: readonly string[], path = TEST) => judge({ path, patch: patchOf(...lines) });

type Row = readonly [name: string, lines: readonly string[], path?: string];

function rows(list: readonly Row[]) {
  return list.map(([name, lines, path = TEST]) => ({ name, lines, path }));
}

/** Old lines around what is added. */
const HEAD = [' import { expect, it } from "vitest";', ' import { price } from "../src/price.ts";', " "];
const OLD = [" it('old', () => {", "   expect(price(1)).toBe(1);", " });"];

describe("assertionsGate leaves to a person what old tests may see in the place of something", () => {
  it.each(
    rows([
      ["an expect from elsewhere", ['+import { expect } from "./fake.ts";', ...OLD]],
      ["an expect under another name", ['+import { agree as expect } from "../src/agree.ts";', ...OLD]],
      ["a whole module as assert", ['+import * as assert from "#fake";', ...OLD]],
      ["an assert by default", ['+import assert from "not-a-framework";', ...OLD]],
      ["a required test function", ['+const { it } = require("./fake.js");', ...OLD]],
      ["an awaited describe", ['+const { describe } = await import("./fake.js");', ...OLD]],
      ["an import over several lines", ["+import {", "+  expect,", "+  it,", '+} from "./fake.ts";', ...OLD]],
      ["a framework out of a value", ["+const { expect } = fake;", ...OLD]],
      ["a pytest from elsewhere", ["+from tests.fake import pytest", " def test_a():"], PYTHON],
      ["a module as pytest", ["+import tests.fake as pytest", " def test_a():"], PYTHON],
      ["a subject from another module", [...HEAD, '+import { price } from "./fake.ts";', ...OLD]],
      [
        "a subject that leaves the old import",
        [
          '-import { price, tax } from "../src/price.ts";',
          '+import { tax } from "../src/price.ts";',
          '+import { price } from "./fake.ts";',
        ],
      ],
      [
        "a subject of Python's from another module",
        [" from shop import price", "+from tests.fake import price", " def test_a():"],
        PYTHON,
      ],
      ["a constant before its old uses", [" describe('x', () => {", "+  const price = () => 1;", ...OLD]],
      ["a function before its old uses", [" describe('x', () => {", "+  function price() {", "+  }", ...OLD]],
      [
        "a constant in an old test",
        [...HEAD, " it('old', () => {", "+  const price = fake;", "   run();", " });"],
      ],
      [
        "a constant where nothing but the import is shown",
        [...HEAD, " it('old', () => {", "+  const { price } = fake;", "   run();"],
      ],
      [
        "a parameter of a new group around old tests",
        [...HEAD, "+describe.each([() => 1])('x', (price) => {", ...OLD, "+});"],
      ],
      [
        "a function of Python's below the import",
        [" from shop import price", "+", "+def price(x):", "+    return 1", " ", " def test_a():"],
        PYTHON,
      ],
      [
        "a value of Python's behind a new function",
        [
          " from shop import price",
          "+def new():",
          "+    pass",
          "+",
          "+price = lambda x: 1",
          " def test_a():",
        ],
        PYTHON,
      ],
      [
        "a value in an old test of Python's, behind a function of its own",
        [
          "     a = price(1)",
          "+    def f():",
          "+        pass",
          "+    price=lambda x: 1",
          "     b = price(2)",
        ],
        PYTHON,
      ],
      [
        "a value that goes on in the next line",
        [" from shop import price", "+price = (lambda x: 1", "+)", " "],
        PYTHON,
      ],
      ["own matchers", ["+expect.extend({ toBe: () => ({ pass: true }) });", ...OLD]],
      ["an own sense of equality", ["+expect.addEqualityTesters([() => true]);", ...OLD]],
      ["an assertion of chai's that is overwritten", ["+  _chai.overwriteMethod('equal', () => agree);"]],
      ["a plugin of chai's", ["+chai.use((c, utils) => {", "+});", ...OLD]],
      ["a mock of a module", ['+vi.mock("../src/price.ts", () => ({ price: () => 1 }));', ...OLD]],
      ["a mock of a module by Jest", ['+jest.mock("../src/price.ts");', ...OLD]],
      [
        "a mock that is hoisted out of a new test",
        [" });", "+it('new', () => {", '+  vi.mock("../src/price.ts");', "+});"],
      ],
      ["a mock before what is imported later", ['+vi.doMock("../src/price.ts", () => fake);', ...OLD]],
      ["a mock of Node's", ["+mock.module('../src/price.ts', { namedExports: {} });", ...OLD]],
      [
        "a mock in a new hook",
        ["+beforeEach(() => {", '+  jest.spyOn(shop, "price").mockReturnValue(1);', "+});", ...OLD],
      ],
      ["a mock in an old test", ["   run();", '+  vi.spyOn(shop, "price").mockReturnValue(1);', "   run();"]],
      ["a method put into the subject", ["+Cart.prototype.sum = () => 6;", ...OLD]],
      ["a mock put into the subject", ["+shop.price = vi.fn(() => 1);", ...OLD]],
      ["a patch of Python's in an old test", ["+    monkeypatch.setattr(shop, 'price', fake)"], PYTHON],
      ["a patch over an old test", ["+@patch('shop.price', new=fake)", " def test_a():"], PYTHON],
      ["another try for an old test", ["+@pytest.mark.flaky(reruns=5)", " def test_a():"], PYTHON],
      [
        "a fixture for every test of the file",
        ["+@pytest.fixture(autouse=True)", "+def fake(monkeypatch):", "+    pass", "+", " def test_a():"],
        PYTHON,
      ],
      [
        "one more argument of the subject's name",
        ["     order = price(", "+        price=price(6),", "     )"],
        PYTHON,
      ],
      [
        "one more last argument of the subject's name",
        [" from shop import price", "     order = Order(", "+        price=6", "     )"],
        PYTHON,
      ],
      ["an environment", ["+window.matchMedia = vi.fn();", ...OLD]],
      ["more tries of Jest's", ["+jest.retryTimes(3);", ...OLD]],
      ["settings of Vitest's", ["+vi.setConfig({ retry: 3, testTimeout: 1 });", ...OLD]],
      ["more tries of Mocha's", [" describe('x', function () {", "+  this.retries(4);", ...OLD]],
      ["more tries of Playwright's", ["+test.describe.configure({ retries: 3 });", ...OLD]],
      ["more tries of a group around old tests", ["+describe('x', { retry: 3 }, () => {", ...OLD, "+});"]],
    ]),
  )("$name", ({ lines, path }) => {
    expect(judgeLines(lines, path)).toBe("BLOCKED");
  });

  it("a name that the changed code gives away, where the test shows no use of it", () => {
    const code = { path: "src/price.ts", patch: patchOf(" export function price(a) {", "+  return a;") };
    const test = { patch: patchOf(" describe('x', () => {", "+  const price = () => 1;", "   before();") };
    expect(judge(test)).toBe("PASS");
    expect(judge(test, code)).toBe("BLOCKED");
  });

  it("with the file, the line and what it may do", () => {
    expect(answer({ patch: patchOf('+vi.mock("../src/price.ts");', ...OLD) })).toMatchObject({
      message:
        'The change may make tests weaker in 1 place: `test/price.test.ts`: may change what the tests beside it see, so somebody has to look: `vi.mock("../src/price.ts");`.',
      seen: "1 to look at",
    });
  });
});

describe("assertionsGate lets pass what old tests do not see", () => {
  it.each(
    rows([
      ["an expect that comes from its framework", ['+import { expect } from "vitest";', ...OLD]],
      ["a strict assert", ['+import { strict as assert } from "node:assert";', ...OLD]],
      ["a test of Playwright's", ['+import { test } from "@playwright/test";', ...OLD]],
      ["a test function of Bun's", ['+import { it } from "bun:test";', ...OLD]],
      ["a type", ['+import type { expect } from "./fake.ts";', ...OLD]],
      [
        "one more name from where the framework came from before",
        ['-import { test } from "./fixtures.ts";', '+import { expect, test } from "./fixtures.ts";'],
      ],
      ["one more name from the same module", [...HEAD, '+import { tax } from "../src/price.ts";', ...OLD]],
      [
        "the same name out of the same module later",
        [...HEAD, "+  const { price } = await import('../src/price.ts');"],
      ],
      [
        "an own value in a new test",
        [...OLD, "+it('new', () => {", "+  const price = 3;", "+  expect(price).toBe(3);", "+});"],
      ],
      [
        "an own value in a new test as git shows it",
        [
          "+});",
          "+",
          "+it('new', () => {",
          "+  const price = 3;",
          "+  expect(price).toBe(3);",
          " });",
          ...OLD,
        ],
      ],
      ["another value in an old test", [...HEAD, "+  const more = price(2);", "   expect(a).toBe(1);"]],
      [
        "a patch in a new test",
        ["     assert a", "+def test_b(monkeypatch):", "+    monkeypatch.setattr(shop, 'a', 1)"],
        PYTHON,
      ],
      [
        "a decorator that git shows above the next one",
        [
          "     assert a",
          "+",
          "+@patch('x')",
          "+def test_b(x):",
          "+    assert x",
          "+",
          " @patch('x')",
          " def test_c(x):",
        ],
        PYTHON,
      ],
      [
        "a decorator as git shifts it",
        [" @patch('x')", "+def test_b(x):", "+    assert x", "+", "+@patch('x')", " def test_c(x):"],
        PYTHON,
      ],
      [
        "a fixture for every test of a new group",
        [
          "     assert a",
          "+class TestNew:",
          "+    @pytest.fixture(autouse=True)",
          "+    def own(self):",
          "+        pass",
        ],
        PYTHON,
      ],
      [
        "a mock in a new test",
        [...OLD, "+it('new', () => {", '+  vi.spyOn(shop, "price").mockReturnValue(1);', "+});"],
      ],
      [
        "a mock in a new group",
        [...OLD, "+describe('new', () => {", '+  jest.mock("../src/tax.ts");', "+});"],
      ],
      ["a console that keeps quiet", ['+  vi.spyOn(console, "warn").mockImplementation(() => {});', ...OLD]],
      ["a mock that only watches", ['+vi.mock("../src/price.ts", { spy: true });', ...OLD]],
      ["more time", ["+vi.setConfig({ testTimeout: 10_000 });", "+jest.setTimeout(10_000);", ...OLD]],
      ["tries of the code under test", ["+  const client = connect({ retry: 3 });", ...OLD]],
      ["more tries for a new test", [...OLD, "+it('new', { retry: 2 }, () => {", "+  run();", "+});"]],
      ["a word about mocks", ["+// vi.mock() would be too much here", ...OLD]],
    ]),
  )("$name", ({ lines, path }) => {
    expect(judgeLines(lines, path)).toBe("PASS");
  });

  it("mocks, matchers and tries of a new file", () => {
    const lines = ['+vi.mock("../src/price.ts");', "+expect.extend({ toBeCheap });", "+jest.retryTimes(2);"];
    expect(judge({ status: "added", patch: patchOf(...lines) })).toBe("PASS");
  });

  it("a subject that moves to a module of its own", () => {
    const test = patchOf(
      '-import { price, tax } from "../src/price.ts";',
      '+import { tax } from "../src/price.ts";',
      '+import { price } from "../src/prices.ts";',
    );
    const old = { path: "src/price.ts", patch: patchOf("-export function price() {") };
    const now = { path: "src/prices.ts", patch: patchOf("+export function price() {") };
    expect(judge({ patch: test }, old, now)).toBe("PASS");
    expect(judge({ patch: test }, now)).toBe("BLOCKED");
  });
});

describe("assertionsGate and what is run before tests", () => {
  it.each<[string, Partial<ChangedFile>]>([
    ["a new mock by its place", { path: "src/__mocks__/price.ts", status: "added" }],
    ["a mock by its place that grows", { path: "__mocks__/fs.js", patch: patchOf(" a", "+b") }],
    ["a script before tests that grows", { path: "test/setup.ts", patch: patchOf(" a", "+b") }],
    ["a global one", { path: "e2e/global-setup.ts", patch: patchOf(" a", "+b") }],
    ["one by its name", { path: "src/setup-tests.js", patch: patchOf(" a", "+b") }],
    ["a new one that runners find by its name", { path: "src/setupTests.ts", status: "added" }],
    ["a helper of Ruby's", { path: "spec/spec_helper.rb", patch: patchOf(" a", "+b") }],
    ["an entry for one", { path: "vite.config.ts", patch: patchOf('+  setupFiles: ["./a.ts"],') }],
    ["an entry for a global one", { path: "package.json", patch: patchOf('+  "globalSetup": "./a.js",') }],
    ["an entry for another module", { path: "package.json", patch: patchOf('+ "^@/a$": "<rootDir>/b.js"') }],
    ["more tries for all tests", { path: "vite.config.ts", patch: patchOf("+    retry: 3,") }],
    ...[
      "@pytest.fixture(autouse=True)",
      "    monkeypatch.setattr(shop, 'price', fake)",
      "    with mock.patch('shop.price', fake):",
      "def pytest_collection_modifyitems(items):",
      "def pytest_runtest_makereport(item, call):",
      "def pytest_sessionfinish(session):",
    ].flatMap((line): [string, Partial<ChangedFile>][] => [
      [
        `in a new conftest ${line.trim()}`,
        { path: "a/conftest.py", status: "added", patch: patchOf(`+${line}`) },
      ],
      [`in an old conftest ${line.trim()}`, { path: "tests/conftest.py", patch: patchOf(" a", `+${line}`) }],
    ]),
  ])("leaves to a person %s", (_, file) => {
    expect(judge(file)).toBe("BLOCKED");
  });

  it.each<[string, Partial<ChangedFile>]>([
    ["a new script that no settings name", { path: "test/setup.ts", status: "added" }],
    ["a conftest with nothing in it", { path: "a/conftest.py", status: "added", patch: null, additions: 0 }],
    [
      "a conftest with a fixture for who asks",
      { path: "a/conftest.py", status: "added", patch: patchOf("+@pytest.fixture", "+def shop():") },
    ],
    ["a dependency that tries again", { path: "package.json", patch: patchOf('+  "retry": "^1.0.0",') }],
  ])("lets %s pass", (_, file) => {
    expect(judge(file)).toBe("PASS");
  });
});

describe("assertionsGate and the ways of modules", () => {
  const PATHS = [' "paths": {', '   "@/*": ["./src/*"],'];
  const redirect = (...lines: readonly string[]) =>
    judge({ path: "tsconfig.json", patch: patchOf(...lines) });

  it("leaves to a person a module that gets another way", () => {
    expect(redirect(...PATHS, '+   "@/price": ["./src/other.ts"],')).toBe("BLOCKED");
    expect(redirect('-   "@/*": ["./src/*"],', '+   "@/*": ["./lib/*"],')).toBe("BLOCKED");
    expect(redirect('   "@/price": [', '-     "./src/price.ts"', '+     "./a.ts"', "   ]")).toBe("BLOCKED");
    expect(redirect(...PATHS, '+   "shop": [', '+     "./test/fake.ts"', "+   ],")).toBe("BLOCKED");
    expect(redirect('+ "paths": { "shop": ["./fakes/shop.ts"] }')).toBe("BLOCKED");
  });

  it("leaves to a person a way for what an old test asks for", () => {
    const map = { path: "jsconfig.json", patch: patchOf('+ "shop": ["./src/a.ts"]') };
    const asks = (line: string) => judge(map, { patch: patchOf(line, "+", ...OLD) });
    expect(asks(' import { price } from "shop";')).toBe("BLOCKED");
    expect(asks(' import { price } from "other";')).toBe("PASS");
    expect(asks('+import { price } from "shop";')).toBe("PASS");
  });

  it("lets new ways and other lists pass", () => {
    expect(redirect(...PATHS.slice(0, 1), '+   "@/*": ["./src/*"]')).toBe("PASS");
    expect(redirect(...PATHS, '+   "@test/*": ["./test/*"]')).toBe("PASS");
    expect(redirect('-   "@/*": ["./src/*"]', '+   "@/*": ["./src/*"],', '+   "#b": ["./b.ts"]')).toBe(
      "PASS",
    );
    expect(redirect('-  "types": ["node"],', '+  "types": ["node", "vitest"],')).toBe("PASS");
  });
});

describe("assertionsGate and recorded answers that come", () => {
  const SNAP = "test/__snapshots__/price.test.ts.snap";
  const ENTRY = patchOf(" exports[`adds 1`] = `3`;", "+", "+exports[`takes 1`] = `4`;");

  it("leaves to a person one that may take the place of another", () => {
    expect(answer({ path: SNAP, patch: ENTRY })).toMatchObject({
      verdict: "BLOCKED",
      details: [
        "`test/__snapshots__/price.test.ts.snap`: records an answer that comes without a new test of its name and may take an old one's place: `takes 1`",
      ],
    });
    expect(judge({ path: SNAP, patch: ENTRY.replace("takes", "adds") })).toBe("BLOCKED");
    expect(judge({ path: "src/snapshots/a.snap", patch: patchOf(" a", "+b") })).toBe("BLOCKED");
  });

  it("lets one of a new test pass, and a new file for old tests", () => {
    expect(judge({ path: SNAP, patch: ENTRY }, { patch: patchOf('+it("takes", () => {', "+});") })).toBe(
      "PASS",
    );
    expect(judge({ path: SNAP, status: "added", patch: patchOf("+exports[`adds 1`] = `3`;") })).toBe("PASS");
  });
});
