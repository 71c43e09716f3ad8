import { describe, expect, it } from "vitest";
import type { ChangedFile } from "../../../src/core/facts.ts";
import { assertionsGate } from "../../../src/core/gate/rules/assertions.ts";
import { buildFile, buildGates, buildSubject, patchOf, wordOf } from "./build-subject.ts";

const TEST = "test/price.test.ts";

function answer(...files: readonly Partial<ChangedFile>[]) {
  const built = files.map((file) => buildFile({ path: TEST, ...file }));
  return assertionsGate.evaluate(buildSubject({ pull: { files: built } }));
}

const judge = (...files: readonly Partial<ChangedFile>[]) => wordOf(answer(...files));
/** What the gate says of an existing test that is changed like this. */
const judgeLines = (lines: readonly string[], path = TEST) => judge({ path, patch: patchOf(...lines) });

type Row = readonly [name: string, lines: readonly string[], path?: string];

function rows(list: readonly Row[]) {
  return list.map(([name, lines, path = TEST]) => ({ name, lines, path }));
}

describe("assertionsGate lets pass", () => {
  it.each(
    rows([
      [
        "a new test between others",
        [
          "   it('old', () => {",
          "     expect(a).toBe(1);",
          "   });",
          " ",
          "+  it('new', () => {",
          "+    const b = price(2);",
          "+    if (b > 1) return;",
          "+    expect(b).toBe(2);",
          "+  });",
          "+",
          " });",
        ],
      ],
      [
        "a new test as git shows it when its end is like that of the old one",
        [
          "     expect(a).toBe(1);",
          "+  });",
          "+",
          "+  it('new', () => {",
          "+    expect(b).toBe(2);",
          "   });",
          " });",
        ],
      ],
      [
        "tests put into a group",
        [
          "-it('old', () => {",
          "-  expect(a).toBe(1);",
          "-});",
          "+describe('price', () => {",
          "+  it('old', () => {",
          "+    expect(a).toBe(1);",
          "+  });",
          "+});",
        ],
      ],
      ["one more assertion", ["   expect(a).toBe(1);", "+  expect(b).toBe(2);"]],
      [
        "an assertion that moves within its test",
        ["-  expect(a).toBe(1);", "   const b = 2;", "+  expect(a).toBe(1);"],
      ],
      ["one more case of a list", ["-  [1, 2]", "+  [1, 2],", "+  [2, 4]", " ])('doubles', (a, b) => {"]],
      [
        "one more name from the same module",
        ["-import { a } from '../src/price.ts';", "+import { a, b } from '../src/price.ts';"],
      ],
      ["a changed comment", ["-// expect(a).toBe(1) was here", "+// nothing was here"]],
      ["a documentation comment", ["+/**", "+ * Prices of baskets.", "+ */", " it('old', () => {"]],
      ["globs in texts", ["+const files = 'src/**';", " it('old', () => {"]],
      ["a word with an apostrophe", ["+// it doesn't matter {", " it('old', () => {"]],
      ["Windows line ends", [" it('old', () => {\r", "+  expect(b).toBe(2);\r", " });\r"]],
      [
        "a file without a newline at its end",
        ["   expect(a).toBe(1);", "+  expect(b).toBe(2);", "\\ No newline at end of file"],
      ],
      [
        "a function of Python's with a way out",
        [
          " def test_a():",
          "     assert a == 1",
          "+",
          "+def test_b():",
          "+    for x in y:",
          "+        continue",
          "+    assert b == 2",
        ],
        "tests/test_a.py",
      ],
      ["a comparison with zero", ["+  expect(a === 0 && b === 0).toBe(true);", " });"]],
    ]),
  )("$name", ({ lines, path }) => {
    expect(judgeLines(lines, path)).toBe("PASS");
  });

  it("changes of code that is no test", () => {
    expect(judge({ path: "src/price.ts", patch: patchOf("-assert(a);", "+return;") })).toBe("PASS");
    expect(judge({ path: "src/price.ts", status: "removed", patch: patchOf("-assert(a);") })).toBe("PASS");
    expect(judge({ path: "logo.png", patch: null, additions: 0 })).toBe("PASS");
  });

  it("new test files, and empty ones", () => {
    expect(
      judge({ status: "added", patch: patchOf("+it('a', () => {", "+  if (x) return;", "+  expect(a);") }),
    ).toBe("PASS");
    expect(judge({ path: "tests/__init__.py", status: "added", additions: 0, patch: null })).toBe("PASS");
  });

  it("prose beside tests", () => {
    expect(judge({ path: "test/README.md", status: "removed", patch: patchOf("-expect nothing") })).toBe(
      "PASS",
    );
  });

  it("a new version of a test runner", () => {
    const patch = patchOf('-    "vitest": "^5.1.0",', '+    "vitest": "^5.2.0",');
    expect(judge({ path: "package.json", patch })).toBe("PASS");
  });

  it("everything when it is switched off, and says so", () => {
    const gates = buildGates({ assertions: false });
    expect(assertionsGate.evaluate(buildSubject({ gates, pull: { files: null } }))).toMatchObject({
      verdict: "PASS",
      message: "Switched off by `gates.assertions`.",
    });
  });
});

describe("assertionsGate fails for a lost assertion", () => {
  it.each(
    rows([
      ["removed", ["-  expect(a).toBe(1);"]],
      ["turned into a comment", ["-  expect(a).toBe(1);", "+  // expect(a).toBe(1);"]],
      ["turned into a block comment", ["-  expect(a).toBe(1);", "+  /* expect(a).toBe(1); */"]],
      ["turned into a text", ["-  expect(a).toBe(1);", "+  'expect(a).toBe(1);'"]],
      ["behind a condition on its line", ["-  expect(a).toBe(1);", "+  if (false) expect(a).toBe(1);"]],
      ["with another expected value", ["-  expect(a).toBe(1);", "+  expect(a).toBe(2);"]],
      ["made loose", ["-  assert.strictEqual(a, 1);", "+  assert.ok(a);"]],
      ["made approximate", ["-  expect(a).toBe(1);", "+  expect(a).toBeCloseTo(1, 0);"]],
      ["made negative", ["-  expect(a).toBe(1);", "+  expect(a).not.toBe(2);"]],
      ["that counted assertions", ["-  expect.assertions(3);", "+  expect.assertions(1);"]],
      ["of two equal ones", ["-  expect(a).toBe(1);", "-  expect(a).toBe(1);", "+  expect(a).toBe(1);"]],
      ["that hid behind a sign of the format", ["--- expect(a).toBe(1);", "-  expect(a).toBe(1);"]],
      ["of Python", ["-    assert price == 3"], "tests/test_price.py"],
      ["of Python's unittest", ["-        self.assertEqual(price, 3)"], "tests/test_price.py"],
      ["of pytest", ["-    with pytest.raises(ValueError):"], "price_test.py"],
      ["of Go", ['-\t\tt.Errorf("price %d", got)'], "price/price_test.go"],
      ["of testify", ["-\trequire.Equal(t, 3, got)"], "price/price_test.go"],
      ["of Java", ["-    assertThat(price).isEqualTo(3);"], "src/test/java/PriceTest.java"],
      ["of Mockito", ["-    verify(till).open();"], "src/test/java/PriceTest.java"],
      ["of Ruby", ["-    expect(price).to eq 3"], "spec/price_spec.rb"],
      ["of minitest", ["-    assert_equal 3, price"], "test/price_test.rb"],
      ["of Rust", ["-    assert_eq!(price(), 3);"], "tests/price.rs"],
      ["of PHP", ["-    $this->assertSame(3, $price);"], "tests/PriceTest.php"],
      ["of C#", ["-    Assert.Equal(3, price);"], "Shop.Tests/PriceTests.cs"],
      ["of Swift", ["-    XCTAssertEqual(price, 3)"], "Tests/PriceTests.swift"],
      ["of chai", ["-    price.should.equal(3)"], "test/price.js"],
    ]),
  )("$name", ({ lines, path }) => {
    expect(judgeLines(lines, path)).toBe("FAIL");
  });

  it("names the place, and the first of several in its sentence", () => {
    expect(answer({ patch: patchOf("-  expect(a).toBe(1);", "-  expect(b).toBe(`x`);") })).toEqual({
      gate: "assertions",
      verdict: "FAIL",
      message:
        "The change makes tests weaker in 2 places: `test/price.test.ts`: assertion removed or changed: `expect(a).toBe(1);`.",
      seen: "2 weaker",
      wanted: "no test weaker than before",
      howToFix: "Keep every existing assertion and correct the code instead.",
      details: [
        "`test/price.test.ts`: assertion removed or changed: `expect(a).toBe(1);`",
        "`test/price.test.ts`: assertion removed or changed: `expect(b).toBe('x');`",
      ],
    });
  });

  it("lists at most twenty places", () => {
    const patch = patchOf(...Array.from({ length: 50 }, (_, index) => `-  expect(a).toBe(${index});`));
    const found = answer({ patch });
    expect("details" in found && found.details).toHaveLength(20);
    expect(found).toMatchObject({ seen: "50 weaker" });
  });
});

describe("assertionsGate fails for a test that is not run", () => {
  it.each([
    "it.skip('a', () => {",
    "it.only('a', () => {",
    "test.todo('a');",
    "test.fixme('a', async () => {",
    "it.fails('a', () => {",
    "it.concurrent.skip('a', () => {",
    "describe.skipIf(process.env.CI)('a', () => {",
    "test.runIf(false)('a', () => {",
    "describe['only']('a', () => {",
    "xit('a', () => {",
    "fdescribe('a', () => {",
    "test('a', { skip: true }, () => {",
    "it('a', { todo: 'later' }, () => {",
    "this.skip();",
    "t.skip('later');",
    "@pytest.mark.skip(reason='later')",
    "@pytest.mark.skipif(True, reason='x')",
    "@pytest.mark.xfail",
    "pytest.skip('later')",
    "@unittest.skip('later')",
    "@unittest.expectedFailure",
    "self.skipTest('later')",
    't.Skip("later")',
    "t.SkipNow()",
    "@Disabled",
    "@Ignore",
    "#[ignore]",
    '[Fact(Skip = "later")]',
    "[Ignore]",
    "$this->markTestSkipped('later');",
  ])("%s", (line) => {
    expect(judgeLines([`+${line}`, " expect(a).toBe(1);"])).toBe("FAIL");
    expect(judgeLines([`+  \t${line}`, " expect(a).toBe(1);"])).toBe("FAIL");
  });

  it.each([
    "if (false) {",
    "if (0) {",
    "if (!1) {",
    "if (null) {",
    "while (false) {",
    "if False:",
    "if 0:",
    "false && expect.hasAssertions();",
    "#if 0",
    "#if false",
    "=begin",
    "__END__",
    "#[cfg(any())]",
    "assert.equal = () => {};",
    "expect.extend = null;",
    "globalThis.expect = () => fake;",
  ])("%s", (line) => {
    expect(judgeLines([`+${line}`, " expect(a).toBe(1);"])).toBe("FAIL");
  });

  it("behind a line end that diffs do not know", () => {
    expect(judgeLines(["+// harmless\rif (false)", " expect(a).toBe(1);"])).toBe("FAIL");
    expect(judgeLines(["+// harmless\u2028it.skip('a')", " expect(a).toBe(1);"])).toBe("FAIL");
  });

  it("in a new file as well, but not for a skip that was there", () => {
    expect(judge({ status: "added", patch: patchOf("+it.only('a', () => {") })).toBe("FAIL");
    expect(judgeLines(["-it.skip('a', () => {});", "+  it.skip('a', () => {});"])).toBe("PASS");
    expect(judgeLines(["+// it.skip('a')", " expect(a).toBe(1);"])).toBe("PASS");
  });
});

describe("assertionsGate fails for a test file that goes", () => {
  it.each<[string, Partial<ChangedFile>]>([
    ["deleted", { status: "removed" }],
    ["deleted without a diff", { status: "removed", patch: null, additions: 0, deletions: 0 }],
    ["moved out of the tests", { status: "renamed", path: "src/old.ts", previousPath: TEST }],
    [
      "moved to a name that runners do not find",
      { status: "renamed", path: "test/price.ts", previousPath: TEST },
    ],
    [
      "moved to another case of its name",
      { status: "renamed", path: "test/price.Test.ts", previousPath: TEST },
    ],
    ["moved to another kind of file", { status: "renamed", path: "test/price.test.txt", previousPath: TEST }],
    ["moved into prose", { status: "renamed", path: "test/price.md", previousPath: TEST }],
    ["a deleted snapshot", { path: "src/__snapshots__/a.snap", status: "removed" }],
  ])("%s", (_name, file) => {
    expect(judge(file)).toBe("FAIL");
  });

  it("also when a new one takes its place under another name", () => {
    const added = {
      path: "test/new.test.ts",
      status: "added",
      patch: patchOf("+expect(1).toBe(1);"),
    } as const;
    expect(judge({ status: "removed" }, added)).toBe("FAIL");
  });

  it("and for a recorded answer that changes", () => {
    for (const path of ["src/__snapshots__/a.snap", "tests/a.ambr", "a.approved.txt", "test/x.golden"])
      expect(judge({ path, patch: patchOf('-  "price": 3,', '+  "price": 4,') }), path).toBe("FAIL");
    expect(judge({ path: "src/a.snap", patch: patchOf(" exports[`a`]", "+exports[`b`]") })).toBe("BLOCKED");
  });

  it("lets a test move whose name runners know, with its content shown", () => {
    const patch = patchOf(" expect(a).toBe(1);", "+expect(b).toBe(2);");
    const moved = { status: "renamed", path: "test/till/price.test.ts", previousPath: TEST, patch } as const;
    expect(judge(moved)).toBe("PASS");
    expect(judge({ ...moved, path: "Tests/B.swift", previousPath: "Tests/A.swift" })).toBe("PASS");
  });
});

describe("assertionsGate leaves to a person", () => {
  it.each(
    rows([
      [
        "a condition around assertions",
        ["+  if (process.env.CI !== '1') {", "   expect(a).toBe(1);", "+  }"],
      ],
      ["a condition without brackets", ["+  if (isSlow)", "   expect(a).toBe(1);"]],
      ["a function around assertions", ["+  const later = () => {", "   expect(a).toBe(1);", "+  };"]],
      ["an attempt around assertions", ["+  try {", "   expect(a).toBe(1);", "+  } catch {}"]],
      ["a comment around assertions", ["+  /*", "   expect(a).toBe(1);", "+  */"]],
      ["a text around assertions", ["+  `", "   expect(a).toBe(1);", "+  `;"]],
      [
        "a text of Python's around assertions",
        ['+    """', "     assert a == 1", '+    """'],
        "tests/test_a.py",
      ],
      ["a way out before assertions", ["+  return;", "   expect(a).toBe(1);"]],
      ["a way out with a value", ["+  return Promise.resolve();", "   expect(a).toBe(1);"]],
      ["the end of the process", ["+  process.exit(0);", "   expect(a).toBe(1);"]],
      ["the end of Python's process", ["+    sys.exit(0)", "     assert a == 1"], "tests/test_a.py"],
      [
        "a way out in a new group around old tests",
        ["+describe('x', () => {", "+  return;", "   expect(a).toBe(1);", "+});"],
      ],
      ["an operator that takes an assertion in", ["+  isSlow &&", "   expect(a).toBe(1);"]],
      ["an arrow that takes an assertion in", ["+  const later = () =>", "   expect(a).toBe(1);"]],
      [
        "an early end of a test, the rest in nothing",
        ["   const a = 1;", "+});", "+unused(() => {", "   expect(a).toBe(1);", " });"],
      ],
      [
        "assertions moved into a helper",
        ["-  expect(a).toBe(1);", "+function helper() {", "+  expect(a).toBe(1);", "+}"],
      ],
      [
        "a call before an assertion",
        ["+  model.fit(x, y)", "   assert model.r2 > 0.6"],
        "tests/test_model.py",
      ],
      ["a changed value that is expected", ["-  const expected = 5;", "+  const expected = 6;"]],
      ["a changed case of a list", ["-  [1, 2],", "+  [1, 3],"]],
      ["a removed case of a list", ["-  [1, 2],", "   [2, 4],"]],
      ["a test without assertions that goes", ["-it('does not throw', () => run());"]],
      [
        "another subject",
        ["-import { price } from '../src/price.ts';", "+import { price } from './fake-price.ts';"],
      ],
      [
        "a looser assertion library",
        ["-import assert from 'node:assert/strict';", "+import assert from 'node:assert';"],
      ],
      [
        "another subject of Python's",
        ["-from shop.price import price", "+from tests.fake import price"],
        "tests/test_a.py",
      ],
      ["a build tag of Go's", ["+//go:build never", "+", " package shop"], "price_test.go"],
      [
        "a condition of the preprocessor",
        ["+#if NEVER", "     [Fact]", "+#endif"],
        "Shop.Tests/PriceTests.cs",
      ],
      [
        "a list of files to leave out",
        [" import pytest", '+collect_ignore = ["test_a.py"]'],
        "tests/conftest.py",
      ],
      ["an own expect", ["+const expect = () => fake;", " it('a', () => {"]],
      ["an own test function", ["+function it() {}", " it('a', () => {"]],
    ]),
  )("$name", ({ lines, path }) => {
    expect(judgeLines(lines, path)).toBe("BLOCKED");
  });

  it.each<[string, Partial<ChangedFile>]>([
    ["a test whose patch is missing", { patch: null, additions: 9000, deletions: 1 }],
    ["a test made binary by a byte", { patch: null, additions: 0, deletions: 0 }],
    ["a test whose type changed", { status: "changed", patch: null, additions: 0, deletions: 0 }],
    ["a new test that is too large to show", { status: "added", patch: null, additions: 9000 }],
    [
      "a test moved without a diff",
      { status: "renamed", path: "test/b.test.ts", previousPath: TEST, patch: null, additions: 0 },
    ],
    ["a patch with fewer lines than GitHub counted", { patch: patchOf("+expect(b);"), additions: 2 }],
    ["a patch with more removed lines than counted", { patch: patchOf("+expect(b);", "-a"), deletions: 0 }],
    ["a patch that is cut", { patch: "@@ -1,9 +1,10 @@\n+expect(b);" }],
    ["a patch that goes on after its counts", { patch: "@@ -1,1 +1,2 @@\n a\n+b\n-expect(c);" }],
    ["a patch without a head", { patch: "+expect(b);" }],
    ["an empty patch", { patch: "", additions: 0, deletions: 0 }],
    [
      "data of tests that changed",
      { path: "test/fixtures/prices.json", patch: patchOf('-"price": 3', '+"price": 4') },
    ],
    ["data of tests that cannot be read", { path: "test/fixtures/a.bin", patch: null, additions: 0 }],
    ["a runner's set-up", { path: "vitest.config.ts", patch: patchOf("+exclude: ['**']") }],
    ["a new set-up", { path: "jest.config.js", status: "added", patch: patchOf("+module.exports = {}") }],
    [
      "a new conftest that leaves tests out",
      { path: "tests/conftest.py", status: "added", patch: patchOf("+collect_ignore = ['test_a.py']") },
    ],
    [
      "a new set-up among the tests",
      { path: "test/vitest.config.ts", status: "added", patch: patchOf("+x") },
    ],
    [
      "a test script among the tests",
      { path: "test/package.json", status: "added", patch: patchOf('+"test": "true"') },
    ],
    ["a set-up that goes", { path: "pytest.ini", status: "removed", patch: patchOf("-[pytest]") }],
    [
      "a set-up that moves",
      { path: "old.ini", previousPath: "tox.ini", status: "renamed", patch: null, additions: 0 },
    ],
    [
      "the test script",
      { path: "package.json", patch: patchOf('-    "test": "vitest run",', '+    "test": "true",') },
    ],
    ["the test script of a part", { path: "web/package.json", patch: patchOf('+    "pretest": "exit 0",') }],
    [
      "a test runner from elsewhere",
      { path: "package.json", patch: patchOf('+    "vitest": "npm:yes-test@1.0.0",') },
    ],
    [
      "pytest's options",
      { path: "pyproject.toml", patch: patchOf("+addopts = '--deselect tests/test_a.py'") },
    ],
    ["a package file that cannot be read", { path: "package.json", patch: null, additions: 1 }],
    [
      "an assertion among Rust code",
      { path: "src/price.rs", patch: patchOf(" #[test]", "-    assert_eq!(price(), 3);") },
    ],
  ])("%s", (_name, file) => {
    expect(judge(file)).toBe("BLOCKED");
  });

  it.each([
    ".pytest.ini",
    "pytest.toml",
    "tox.toml",
    "phpunit.dist.xml",
    "All.xctestplan",
    "a/jest-unit.json",
  ])("the set-up %s, new or not", (path) => {
    expect(judge({ path, patch: patchOf("+x") })).toBe("BLOCKED");
    expect(judge({ path, status: "added", patch: patchOf("+x") })).toBe("BLOCKED");
  });

  it.each(["playwright-ct.config.ts", "vitest.unit.config.ts", "sitecustomize.py", "pytest.py"])(
    "what a runner finds as %s",
    (path) => {
      expect(judge({ path, status: "added", patch: patchOf("+x") })).toBe("BLOCKED");
    },
  );

  it("a list of files that is not complete (F149)", () => {
    expect(wordOf(assertionsGate.evaluate(buildSubject({ pull: { files: null } })))).toBe("BLOCKED");
    expect(wordOf(assertionsGate.evaluate(buildSubject({ pull: { changedFiles: 9 } })))).toBe("BLOCKED");
  });

  it("with what to look at", () => {
    expect(answer({ patch: patchOf("+  return;", "   expect(a).toBe(1);") })).toMatchObject({
      message:
        "The change may make tests weaker in 1 place: `test/price.test.ts`: may keep existing assertions from running: `return;`.",
      seen: "1 to look at",
      howToFix:
        "Leave existing tests and their set-up as they are and put new tests beside them, or review this and merge it by hand.",
    });
  });
});

describe("assertionsGate of a file that is said to be new", () => {
  it("looks at the old lines that it has all the same", () => {
    expect(judge({ status: "added", patch: patchOf("-expect(a).toBe(1);") })).toBe("FAIL");
    expect(judge({ status: "added", patch: patchOf("+return;", " expect(a).toBe(1);") })).toBe("BLOCKED");
    expect(judge({ status: "copied", previousPath: "test/b.test.ts", patch: patchOf("+expect(a);") })).toBe(
      "PASS",
    );
  });
});

describe("assertionsGate among Rust code", () => {
  it("fails when the mark of a test goes or a test is ignored", () => {
    expect(judge({ path: "src/a.rs", patch: patchOf("-#[test]", " fn prices() {") })).toBe("FAIL");
    expect(judge({ path: "src/a.rs", patch: patchOf(" #[test]", "+#[ignore]") })).toBe("FAIL");
  });

  it("lets new tests and other code pass", () => {
    expect(judge({ path: "src/a.rs", patch: patchOf("+#[test]", "+fn prices() {", "+}") })).toBe("PASS");
    expect(judge({ path: "src/a.rs", patch: patchOf("-assert!(a);", "+ok") })).toBe("PASS");
  });
});
