import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderProblem } from "../../../src/core/yaml/problem.ts";
import { type ReadableYaml, readYaml } from "../../../src/core/yaml/read-yaml.ts";
import { busyMs } from "../../support/busy-ms.ts";

function readable(text: string): ReadableYaml {
  const document = readYaml(text);
  if (!document.ok) throw new Error(document.problems.map(renderProblem).join("\n"));
  return document;
}

function problemsOf(text: string): readonly string[] {
  const document = readYaml(text);
  return document.ok ? [] : document.problems.map(renderProblem);
}

function blockMappings(levels: number): string {
  return `${Array.from({ length: levels }, (_, level) => `${" ".repeat(level)}a:`).join("\n")} 1`;
}

describe("readYaml", () => {
  it("keeps to values that JSON has, so that the surprises of YAML stay text", () => {
    const { value } = readable(`
no: no
on: on
sexagesimal: 12:30:00
underscore: 1_000
date: 2026-01-01
merge: <<
quoted: "1"
tilde: ~
nothing:
yes: true
number: 1.5
exponent: 1e3
block: |
  one
  two
`);

    expect(value).toEqual({
      no: "no",
      on: "on",
      sexagesimal: "12:30:00",
      underscore: "1_000",
      date: "2026-01-01",
      merge: "<<",
      quoted: "1",
      tilde: null,
      nothing: null,
      yes: true,
      number: 1.5,
      exponent: 1000,
      block: "one\ntwo\n",
    });
  });

  it("tells where every key and every value begins", () => {
    const document = readable(
      [
        "# comment",
        "a:",
        "  b: 'x'",
        '  c: [1, { d: "y" }]',
        "list:",
        "  - name: n",
        "    empty:",
        "  - |",
        "    text",
      ].join("\n"),
    );

    const places = [
      ["a"],
      ["a", "b"],
      ["a", "c"],
      ["a", "c", 0],
      ["a", "c", 1],
      ["a", "c", 1, "d"],
      ["list"],
      ["list", 0],
      ["list", 0, "name"],
      ["list", 0, "empty"],
    ].map((path) => {
      const key = document.locateKey(path);
      const value = document.locate(path);
      return `${path.join(".")} ${key.line}:${key.column} ${value.line}:${value.column}`;
    });

    expect(places).toEqual([
      "a 2:1 3:3",
      "a.b 3:3 3:6",
      "a.c 4:3 4:6",
      "a.c.0 4:7 4:7",
      "a.c.1 4:10 4:10",
      "a.c.1.d 4:12 4:15",
      "list 5:1 6:3",
      "list.0 6:5 6:5",
      "list.0.name 6:5 6:11",
      "list.0.empty 7:5 7:5",
    ]);
  });

  it("points at the nearest ancestor of what does not exist", () => {
    const document = readable("a:\n  b: 1\n");

    expect(document.locateKey(["a", "missing", 3])).toEqual({ line: 1, column: 1 });
    expect(document.locate(["missing"])).toEqual({ line: 1, column: 1 });
    expect(document.locateKey(["a", "b"])).toEqual({ line: 2, column: 3 });
  });

  it.each([
    ["\n", "line feeds"],
    ["\r\n", "carriage returns with line feeds"],
    ["\r", "carriage returns alone"],
  ])("counts lines that end with %j", (lineBreak) => {
    const document = readable(["a: 1", "", "b: 2", "c: 3"].join(lineBreak));

    expect(document.locate(["c"])).toEqual({ line: 4, column: 4 });
  });

  it("does not count a byte order mark as a column", () => {
    expect(readable("\uFEFFa: 1").locate(["a"])).toEqual({ line: 1, column: 4 });
  });

  it("keeps the characters of a scalar", () => {
    const document = readable("version: 1.10\nflag: True\nquoted: '007'\nlist: [0x10]\n");

    expect(document.textAt(["version"])).toBe("1.10");
    expect(document.textAt(["flag"])).toBe("True");
    expect(document.textAt(["quoted"])).toBe("007");
    expect(document.textAt(["list", 0])).toBe("0x10");
    expect(document.textAt(["list"])).toBeUndefined();
    expect(document.textAt(["quoted", "deeper"])).toBeUndefined();
  });

  it("reads an empty file and a lone comment as null", () => {
    expect(readable("").value).toBeNull();
    expect(readable("# nothing\n").value).toBeNull();
    expect(readable("---\n...\n").value).toBeNull();
  });

  it("makes objects without a prototype", () => {
    const { value } = readable("constructor: 1\ninner: { toString: 2 }\n");

    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(value).toEqual({ constructor: 1, inner: { toString: 2 } });
  });

  it("refuses __proto__ as a key and leaves every other object as it was", () => {
    expect(problemsOf("a:\n  __proto__: { polluted: true }\n")).toEqual(['2:3: "__proto__" cannot be a key']);
    expect(problemsOf('{"__proto__": 1}')).toEqual(['1:2: "__proto__" cannot be a key']);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it("names everything it refuses at once, in the order of the file", () => {
    const text =
      "a: &x 1\nb: *x\nc: !!str 1\nd: !<tag:x> {}\na: 2\n? { k: v }\n: 1\nf: [*x, *x]\n---\nsecond\n";

    expect(problemsOf(text)).toEqual([
      "2:4: aliases are not allowed; write the value out",
      "3:4: tags such as !!str are not allowed",
      "4:4: tags such as !<tag:x> are not allowed",
      '5:1: duplicate key "a"; the first one is on line 1',
      "6:3: a key must be plain text",
      "8:5: aliases are not allowed; write the value out",
      "8:9: aliases are not allowed; write the value out",
      "10:1: a second document begins here; only one is allowed",
    ]);
  });

  it("finds a key repeated in another notation", () => {
    expect(problemsOf('ab: 1\n"a\\x62": 2\n')).toEqual([
      '2:1: duplicate key "ab"; the first one is on line 1',
    ]);
  });

  it("accepts exactly 64 KiB, counted in bytes", () => {
    const filler = (bytes: number) => `a: "${"x".repeat(bytes - 5)}"`;

    expect(problemsOf(filler(65_536))).toEqual([]);
    expect(problemsOf(filler(65_537))).toEqual(["1:1: the file is larger than 64 KiB"]);
    expect(problemsOf(`a: "${"é".repeat(33_000)}"`)).toEqual(["1:1: the file is larger than 64 KiB"]);
  });

  it.each([
    ["flow lists", (levels: number) => `${"[".repeat(levels)}1${"]".repeat(levels)}`, "1:22"],
    ["flow mappings", (levels: number) => `${"{a: ".repeat(levels)}1${"}".repeat(levels)}`, "1:82"],
    ["block lists", (levels: number) => `${"- ".repeat(levels)}1`, "1:43"],
    ["block mappings", blockMappings, "21:21"],
  ])("accepts a value 20 levels deep in %s and refuses one more", (_, nest, place) => {
    expect(problemsOf(nest(20))).toEqual([]);
    expect(problemsOf(nest(21))).toEqual([`${place}: nested more than 20 levels deep`]);
    expect(problemsOf(nest(40))).toHaveLength(1);
  });

  it("lists at most a hundred problems", () => {
    const problems = problemsOf("a: 1\n".repeat(1_000));

    expect(problems).toHaveLength(100);
    expect(problems.at(-1)).toBe("101:1: 900 more problems are not listed");
  });

  it("reads whatever JSON can express as JSON.parse does", () => {
    const json = fc
      .jsonValue({ maxDepth: 5 })
      .filter((value) => !JSON.stringify(value).includes("__proto__"));

    fc.assert(
      fc.property(json, (value) => {
        const text = JSON.stringify(value, undefined, 1).replaceAll("\u007f", "\\u007f");
        expect(JSON.parse(JSON.stringify(readable(text).value))).toEqual(JSON.parse(text));
      }),
      { numRuns: 200 },
    );
  });

  it("never throws, whatever the text", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "a",
        ":",
        " ",
        "\n",
        "- ",
        "[",
        "]",
        "{",
        "}",
        "*",
        "&",
        "!",
        "|",
        ">",
        "'",
        '"',
        "#",
        "? ",
      ),
      fc.constantFrom(
        "\t",
        "%YAML 1.1\n",
        "---\n",
        "...",
        "\r",
        "<<: ",
        "\\x",
        "\0",
        "\uFEFF",
        "\uD800",
        "1e9",
      ),
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join("")),
      fc.string(),
    );

    fc.assert(
      fc.property(text, (candidate) => {
        const document = readYaml(candidate);
        const positions = document.ok ? [document.locate([])] : document.problems;
        expect(positions.every(({ line, column }) => line >= 1 && column >= 1)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

const hostile: Readonly<Record<string, string>> = {
  "an alias bomb": `a: &a [x]\n${Array.from({ length: 20 }, (_, level) => `b${level}: &b${level} [${`*${level === 0 ? "a" : `b${level - 1}`},`.repeat(9)}]`).join("\n")}`,
  "thousands of keys": Array.from({ length: 7_000 }, (_, index) => `k${index}: 1`).join("\n"),
  "thousands of duplicates": "key: 1\n".repeat(9_000),
  "thousands of aliases": "- *a\n".repeat(13_000),
  "open brackets": "[".repeat(65_000),
  "open braces": "{".repeat(65_000),
  "compact lists": "- ".repeat(32_000),
  "explicit keys": "? ".repeat(32_000),
  "compact mappings": "a: ".repeat(20_000),
  "pairs in a flow list": `[${"a: b, ".repeat(10_000)}]`,
  "a long escaped scalar": `"${"\\u0041".repeat(10_000)}"`,
  "an unclosed quote": `"${"a\n ".repeat(20_000)}`,
  "a plain scalar over many lines": "a\n ".repeat(20_000),
  "a folded block of blank lines": `>\n${" a\n\n".repeat(15_000)}`,
  "white space": " ".repeat(65_000),
  "line feeds": "\n".repeat(65_000),
  "hash signs": "#".repeat(65_000),
  "percent signs": "%".repeat(65_000),
  "exclamation marks": "!".repeat(65_000),
  "empty documents": "---\n".repeat(16_000),
  "anchors on anchors": "&a ".repeat(20_000),
  digits: `a: ${"9".repeat(65_000)}`,
  "almost a float": `a: ${"1".repeat(32_000)}.${"1".repeat(32_000)}e`,
  "a very long key": `${"k".repeat(65_000)}: 1`,
};

describe("readYaml on hostile text", () => {
  it.each(Object.keys(hostile))("is done with %s in less than 100 ms", (name) => {
    const text = hostile[name] ?? "";
    const best = Math.min(...[1, 2, 3].map(() => timeOf(() => readYaml(text))));

    expect(best).toBeLessThan(100);
  });
});

function timeOf(work: () => unknown): number {
  const start = busyMs();
  work();
  return busyMs() - start;
}
