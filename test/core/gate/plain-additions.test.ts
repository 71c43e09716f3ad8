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

const PY = "tests/test_total.py";
const OLD_PY = " def test_adds(client, prices):\n     sum_ = total(prices)\n     assert len(prices) == sum_";
const JAVA = "src/test/java/TotalTest.java";
const OLD_JAVA = "   @Test\n   void adds() {\n     assertEquals(3, Total.of(1, 2));\n   }\n }";
const RB = "spec/total_spec.rb";
const OLD_RB = '   it "adds" do\n     assert_equal 3, cart.total\n   end\n end';
const CS = "Shop.Tests/TotalTests.cs";
const OLD_CS = "     [Fact]\n     public void Adds()\n     {\n         Assert.Equal(3, sum);\n     }\n }";
const RS = "tests/total.rs";
const OLD_RS = " #[test]\n fn adds() {\n     assert_eq!(3, total(1));\n }";
const KT = "src/test/kotlin/TotalTest.kt";
const OLD_KT = "     val sum = total(1)\n     assertEquals(3, sum)\n   }\n }";
const PHP = "tests/TotalTest.php";
const OLD_PHP = "         $this->assertSame(3, $sum);\n     }\n }";
const INNER_TS = "   expect(sum).toBe(3);\n });";

const SHADOWS: readonly (readonly [string, string, string])[] = [
  [PY, "@pytest.fixture\ndef client():\n    return FakeClient()", OLD_PY],
  [PY, '@pytest.fixture(name="client")\ndef quick():\n    return FakeClient()', OLD_PY],
  ["tests/conftest.py", "@pytest.fixture\ndef client():\n    return FakeClient()", " a\n b\n c"],
  [PY, "from shop.easy import total", OLD_PY],
  [PY, "from shop.easy import *", OLD_PY],
  [PY, "    from shop.easy import other", "     assert total(1) == 1"],
  [PY, "def assertEqual(a, b):\n    pass", OLD_PY],
  [PY, "def len(prices):\n    return 3", " total(1);"],
  [JAVA, "import shop.fake.Total;", OLD_JAVA],
  [JAVA, "import static shop.fake.Asserts.assertEquals;", OLD_JAVA],
  [JAVA, "import static shop.fake.Asserts.*;", OLD_JAVA],
  [JAVA, "  static class Total {\n    static int of(int a, int b) { return 3; }\n  }", OLD_JAVA],
  [JAVA, "  private static void assertEquals(int a, int b) {\n  }", " total(1);"],
  [KT, "import fake.assertEquals", OLD_KT],
  [RS, "use fake::assert_eq;", OLD_RS],
  [CS, "using static Shop.Fake;", OLD_CS],
  [CS, "    static class Assert {\n        public static void Equal(int a, int b) {}\n    }", OLD_CS],
  ["test/total_test.exs", "  import Fake", "   assert total(1) == 1"],
  [RB, "  def cart\n    Fake.new\n  end", OLD_RB],
  [RB, "  def assert_equal(*)\n  end", OLD_RB],
  [RB, "class Integer\n  def even?\n    true\n  end\nend", OLD_RB],
  [RB, "module Kernel\n  def quick\n    true\n  end\nend", OLD_RB],
  [
    "Tests/TotalTests.swift",
    "func XCTAssertEqual(_ a: Int, _ b: Int) {\n}",
    "     XCTAssertEqual(total(1), 3)",
  ],
  [TS, "function setTimeout() {\n  return 3;\n}", OLD_TS],
  [TS, "class Date {\n}", OLD_TS],
  [TS, 'import {} from "./quiet.js";', OLD_TS],
  [PHP, "        $sum = 3;", OLD_PHP],
];

const LEAVES: readonly (readonly [string, string, string])[] = [
  [RS, "    let _x = (return);", "     assert_eq!(3, sum);\n }"],
  [RS, "    let x = match got { 3 => 1, _ => return };", "     assert_eq!(3, sum);\n }"],
  [RS, "    assert!({ if got != 3 { return; } true });", "     assert_eq!(3, sum);\n }"],
  [KT, "    val ok = (sum.takeIf { it == 3 } ?: return)", OLD_KT],
  [KT, "    assertTrue(run { return })", OLD_KT],
  [RB, "    x = (return)", "     assert_equal 3, sum\n   end"],
  [
    CS,
    "        var ok = (sum == 3 ? 1 : throw new SkipException());",
    "         Assert.Equal(3, sum);\n     }",
  ],
  [PHP, "        $t = die();", OLD_PHP],
];

const CALLED: readonly (readonly [string, string, string])[] = [
  [RB, "  def run\n    true\n  end", OLD_RB],
  [RB, "  def failures\n    []\n  end", OLD_RB],
  [RB, "  def passed?\n    true\n  end", OLD_RB],
  [RB, "  def self.runnable_methods\n    []\n  end", OLD_RB],
  [
    PY,
    "    async def asyncSetUp(self):\n        self.cart = Fake()",
    "     def test_a(self):\n         pass",
  ],
  [PY, "    def run(self, result=None):\n        return result", "     def test_a(self):\n         pass"],
  [PHP, "    protected function runTest(): void\n    {\n    }", OLD_PHP],
  [JAVA, "  @Rule\n  public Quiet quiet() {\n    return null;\n  }", OLD_JAVA],
  [JAVA, "  @Override protected Cart newCart() {\n    return null;\n  }", OLD_JAVA],
  [PY, "@pytest.fixture(autouse=1)\ndef quick():\n    pass", OLD_PY],
  [PY, "@pytest.fixture(**AUTO)\ndef quick():\n    pass", OLD_PY],
];

const EFFECTS: readonly (readonly [string, string, string])[] = [
  [PHP, "        $this->expectException(\\Throwable::class);", OLD_PHP],
  [PHP, "        $this->expectNotToPerformAssertions();", OLD_PHP],
  [TS, "  expect.assertions(0);", INNER_TS],
  [TS, '  expect(Reflect.set(calc, "total", () => 3)).toBe(true);', INNER_TS],
  [TS, "  expect(prices.splice(0)).toBeDefined();", INNER_TS],
  [TS, "  expect(total.returns(3)).toBeDefined();", INNER_TS],
  [PY, "    assert got.clear() is None", "     assert got == []"],
  [PY, '    assert mocker.patch("shop.total.total", return_value=3)', "     assert total(1) == 3"],
  [RB, "    expect(cart).to receive(:total) { 0 }", "     expect(cart.total).to eq(0)"],
  [CS, '        Assert.True(int.TryParse("3", out sum));', "         Assert.Equal(3, sum);"],
  [TS, 'it("setup", () => {\n  process.exit(0);\n});', OLD_TS],
  [PY, 'def test_first():\n    pytest.exit("done", returncode=0)', OLD_PY],
  [PY, "def test_first():\n    calc.total = lambda prices: 3", ` from shop import calc\n${OLD_PY}`],
  ["total_test.go", "func TestFirst(t *testing.T) {\n\truntime.Goexit()\n}", " func TestA(t *testing.T) {"],
  [PY, "class Fake:\n    calc.total = 3", ` from shop import calc\n${OLD_PY}`],
  [PY, "def fake(a=install(1)):\n    return a", OLD_PY],
  [TS, "class Fake {\n  static {\n    install();\n  }\n}", OLD_TS],
];

describe.each([
  ["that give another meaning to what old tests name", SHADOWS],
  ["that leave a test from inside an expression", LEAVES],
  ["that the framework calls by itself", CALLED],
  ["that do more than they state", EFFECTS],
])("additions %s", (_what, cases) => {
  it.each(cases)("are kept back, in %s: %s", (path, text, old) => {
    expect(weaken(path, `${text.replace(/^/gmu, "+")}\n${old}`)).not.toEqual([]);
  });
});

describe("additions that leave old tests as they are", () => {
  it.each([
    [PY, "import json\nfrom shop.total import mean", OLD_PY],
    [PY, "@pytest.fixture\ndef cart():\n    return Cart()", OLD_PY],
    [JAVA, "import java.util.List;\nimport static org.junit.jupiter.api.Assertions.*;", OLD_JAVA],
    [RS, "use std::collections::{BTreeMap, HashMap as Map};", OLD_RS],
    [CS, "using System.Linq;", OLD_CS],
    [TS, 'import { mean } from "./mean.ts";\nimport { vi } from "vitest";', OLD_TS],
    [RB, "class CartTest\n  def adds\n    true\n  end\nend", OLD_RB],
    [TS, '  expect(text.replace("a", "b")).toBe("b");', INNER_TS],
    [RS, "    assert_eq!(rows.next(), None);", "     assert_eq!(3, sum);\n }"],
  ])("pass, in %s: %s", (path, text, old) => {
    expect(weaken(path, `${text.replace(/^/gmu, "+")}\n${old}`)).toEqual([]);
  });

  it("pass when an import changes its place or gives one name more", () => {
    expect(
      weaken(
        TS,
        '-import { total } from "./total.ts";\n+import { mean, total } from "./total.ts";\n total(1);',
      ),
    ).toEqual([]);
    expect(weaken(JAVA, "-import a.Total;\n import b.List;\n+import a.Total;\n Total.of(1);")).toEqual([]);
  });
});

describe("one more line of a list", () => {
  const GO = "total_test.go";
  const TABLE = " \ttests := []struct {\n \t\tname string\n \t\twant int\n \t}{";

  it.each([
    [GO, `${TABLE}\n+\t\t{name: "three", want: 3},\n \t\t{name: "one", want: 1},\n \t}`],
    [GO, " func TestA(t *testing.T) {\n+\tt.Parallel()\n \tgot := Total(1)"],
    [PY, ' @pytest.mark.parametrize("n", [\n     1,\n+    2,\n ])\n def test_a(n):'],
    [PY, ' @pytest.mark.parametrize("n", [\n+    pytest.param(2, id="y"),\n ])\n def test_a(n):'],
    [PY, " from shop import (\n+    mean,\n     total,\n )\n total(1)"],
    [TS, ' import {\n+  mean,\n   total,\n } from "./total.ts";\n total(1);'],
    [TS, ' import {\n   expect,\n+  vi,\n } from "vitest";\n vi.fn();'],
  ])("passes where the list is shown to be one, in %s: %s", (path, patch) => {
    expect(weaken(path, patch)).toEqual([]);
  });

  it.each([
    [GO, `${TABLE.replace("tests", "prices")}\n+\t\t{name: "three", want: 3},\n \t}`],
    [GO, " \tfor _, tt := range tests {\n+\t\tt.Parallel()\n \t\tgot := Total(tt)"],
    [PY, " prices = [\n     1,\n+    2,\n ]\n total(prices)"],
    [PY, " from shop import (\n+    total,\n     mean,\n )\n total(1)"],
    [TS, ' import {\n+  expect,\n   total,\n } from "./total.ts";\n total(1);'],
    [TS, " const prices = {\n+  total,\n   mean,\n };\n total(1);"],
  ])("is kept back where it may be something else, in %s: %s", (path, patch) => {
    expect(weaken(path, patch)).not.toEqual([]);
  });
});
