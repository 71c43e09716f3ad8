import { describe, expect, it } from "vitest";
import { findOwners } from "../../../src/core/gate/owners/find-owners.ts";
import { readOwners } from "../../../src/core/gate/owners/read-owners.ts";
import { busyMs } from "../../support/busy-ms.ts";

/** The names that a file gives a path to; "?" where the line that counts cannot be relied on. */
function ownersOf(path: string, ...lines: readonly string[]): string {
  const rules = readOwners(lines.join("\n"));
  if (rules === null) throw new Error("too many rules");
  const rule = findOwners(rules, [path])?.get(path);
  return rule?.problem === null
    ? rule.owners.map(({ name }) => name).join(" ")
    : rule === undefined
      ? ""
      : "?";
}

const matches = (pattern: string, path: string) => ownersOf(path, `${pattern} @ada`) === "@ada";

describe("a pattern of CODEOWNERS", () => {
  it.each([
    ["*", ["a", "a/b", ".env", "a/.b/c"], []],
    ["**", ["a", "a/b"], []],
    ["*.js", ["a.js", "x/y/a.js", ".js", "lib.js/readme"], ["a.jsx", "js", "a.JS"]],
    ["*.test.ts", ["a.test.ts", "src/b.test.ts"], ["a.ts", "test.ts"]],
    ["test_*.py", ["test_a.py", "x/test_.py"], ["a_test_b.py", "test_a.pyc"]],
    ["v?.md", ["v1.md", "a/v2.md"], ["v.md", "v12.md", "v/1.md"]],
    ["apps", ["apps", "apps/a", "x/apps/y/z"], ["apps2", "my-apps/a"]],
    ["apps/", ["apps/a", "x/apps/y/z"], ["apps", "x/apps", "apps2/a"]],
    ["/apps", ["apps", "apps/a/b"], ["x/apps", "apps2"]],
    ["/build/logs/", ["build/logs/a", "build/logs/a/b"], ["build/logs", "x/build/logs/a", "build/log/a"]],
    ["docs/*", ["docs/a.md", "docs/.a"], ["docs/x/a.md", "x/docs/a.md", "docs"]],
    ["docs/*.md", ["docs/a.md"], ["docs/x/a.md", "x/docs/a.md", "docs/a.mdx"]],
    ["docs/**", ["docs/a", "docs/x/a.md"], ["docs", "x/docs/a"]],
    ["docs/**/*.md", ["docs/a.md", "docs/x/y/a.md"], ["x/docs/a.md", "docs/a.txt"]],
    ["**/logs", ["logs", "logs/a", "a/b/logs/c"], ["a/logs2"]],
    ["**/a/b", ["a/b", "x/a/b/c"], ["a/x/b", "xa/b"]],
    ["src/**/test/", ["src/test/a", "src/x/y/test/a"], ["src/test", "test/a", "x/src/test/a"]],
    ["/*", ["a", ".env"], ["a/b"]],
    ["/*/", ["a/b", "a/b/c"], ["a"]],
    ["/*/src", ["a/src", "a/src/b"], ["src", "a/b/src"]],
    ["/p*/x", ["p/x", "packages/x/y"], ["q/x", "p/a/x"]],
    ["a**b", ["ab", "axxb"], ["a/b", "a/x/b"]],
    ["a\\ b", ["a b", "x/a b/c"], ["a", "a\\ b"]],
    ["a\\*b", ["a*b"], ["axb", "a\\*b"]],
    ["a\\#b", ["a#b"], ["a\\#b"]],
    ["/a#b", ["a#b"], ["a"]],
    ["/{a,b}.ts", ["{a,b}.ts"], ["a.ts"]],
    ["/(shop)/+page.$x", ["(shop)/+page.$x"], ["shop/+page.$x"]],
    ["*a*b*c", ["abc", "xaxbxc", "aabbcc"], ["acb", "abcx"]],
    ["größe/", ["größe/a", "x/größe/y"], ["grösse/a"]],
    ["*😀?", ["😀a", "x😀b"], ["😀"]],
  ] as const)("F134 %s is exact about what it means", (pattern, yes, no) => {
    expect(yes.filter((path) => !matches(pattern, path))).toEqual([]);
    expect(no.filter((path) => matches(pattern, path))).toEqual([]);
  });
});

describe("the lines of CODEOWNERS", () => {
  it("give a path to the last that matches, in whatever form the earlier ones are", () => {
    const lines = [
      "* @all",
      "*.js @js",
      "/build/logs/ @logs",
      "apps/ @apps",
      "/apps/web/ @web @org/web",
      "readme.js",
    ];
    expect(ownersOf("a.md", ...lines)).toBe("@all");
    expect(ownersOf("src/a.js", ...lines)).toBe("@js");
    expect(ownersOf("build/logs/a.js", ...lines)).toBe("@logs");
    expect(ownersOf("x/apps/a.js", ...lines)).toBe("@apps");
    expect(ownersOf("apps/web/a.js", ...lines)).toBe("@web @org/web");
    expect(ownersOf("apps/web/readme.js", ...lines)).toBe("");
    expect(ownersOf("apps/web/a.js", ...lines.toReversed())).toBe("@all");
  });

  it("give what a line without owners names to nobody", () => {
    expect(ownersOf("apps/github/a", "/apps/ @ada", "/apps/github # nobody")).toBe("");
    expect(ownersOf("apps/b", "/apps/ @ada", "/apps/github")).toBe("@ada");
  });

  it.each([
    ["comments and empty lines", "# * @no\n\n   \n  # * @no\n* @ada"],
    ["a comment behind the owners", "* @ada # @no"],
    ["Windows line ends", "*\t@ada\r\n# end\r\n"],
    ["a mark of the byte order", "\ufeff* @ada"],
    ["spaces around", "   *   @ada   "],
  ])("are read with %s", (_name, text) => {
    expect(ownersOf("a", text)).toBe("@ada");
  });

  it("know people, teams and e-mail addresses", () => {
    const [rule] = readOwners("* @Ada-1 @emu_user @acme/Back_End.x dev@example.com") ?? [];
    expect(rule?.owners).toEqual([
      { kind: "user", name: "@Ada-1" },
      { kind: "user", name: "@emu_user" },
      { kind: "team", name: "@acme/Back_End.x" },
      { kind: "email", name: "dev@example.com" },
    ]);
  });

  it.each([
    ["a negation", "!src/a.ts @ada"],
    ["a range", "src/[ab].ts @ada"],
    ["a folder in brackets", "src/[ab].ts/ @ada\nsrc/[x.ts @ada\n/src/[id]/ @ada\n/src/[[...all]] @ada"],
    ["an escaped range", "src/\\[a\\].ts @ada"],
    ["three stars", "src/*** @ada"],
    ["an empty name", "src//a.ts @ada"],
    ["a way up", "../src/a.ts @ada"],
    ["a beginning with a dot", "./src/a.ts @ada"],
    ["a slash alone", "/ @ada"],
    ["an owner that is none", "src/ @ada bob"],
    ["an owner with a comment attached", "src/ @ada#now"],
    ["an owner with a character that is not seen", "src/ @a\u200bda"],
    ["an owner with three parts", "src/ @acme/a/b"],
    ["a line without end", `src/ ${"@ada ".repeat(2000)}`],
    ["a pattern without end", `${"*/".repeat(5000)} @ada`],
  ])("that cannot be relied on count as such: %s", (_name, lines) => {
    expect(ownersOf("src/a.ts", "* @all", ...lines.split("\n"))).toBe("?");
  });

  it("that cannot be relied on are of no account elsewhere, nor where a later line says more", () => {
    expect(ownersOf("lib/a.ts", "* @all", "src/[ab].ts @ada", "/src/*** @ada")).toBe("@all");
    expect(ownersOf("src/a.ts", "* @all", "src/[ab].ts @ada", "/src/ @bob")).toBe("@bob");
    expect(ownersOf("#a", "* @all", "\\#a @ada")).toBe("?");
    expect(ownersOf("a", "* @all", "b\\")).toBe("@all");
  });

  it("are not read when there are too many of them", () => {
    expect(readOwners("* @ada\n".repeat(20_001))).toBeNull();
    expect(readOwners(`# ${"x".repeat(1024 * 1024)}`)).toBeNull();
    expect(readOwners("* @ada\n".repeat(20_000))).toHaveLength(20_000);
  });
});

describe("finding owners", () => {
  const lines = (make: (index: number) => string) =>
    readOwners(Array.from({ length: 10_000 }, (_, index) => make(index)).join("\n")) ?? [];
  const paths = Array.from({ length: 3000 }, (_, index) => `packages/p${index}/src/deep/er/file${index}.ts`);

  it.each([
    ["folders", (index: number) => `/packages/p${index}/ @a${index}`, "/packages/p2999/ @a2999"],
    ["names", (index: number) => `file${index}.ts @a${index}`, "file2999.ts @a2999"],
    ["everything", () => "* @a", "* @a"],
  ])("takes ten thousand %s and three thousand paths in a moment", (_name, make, last) => {
    const rules = lines(make);
    const before = busyMs();
    const found = findOwners(rules, paths);
    expect(busyMs() - before).toBeLessThan(1000);
    expect(found?.size).toBe(3000);
    expect(found?.get(paths.at(-1) ?? "")?.text).toBe(last);
  });

  it.each([
    ["wildcards", (index: number) => `*x${index}*e @a`, paths],
    ["stars upon stars", (index: number) => `**/*a*a*a*${index}*b/**/c @a`, paths],
    ["endings that are much alike", (index: number) => `*${index}x.ts @a`, paths],
    ["patterns below one folder", (index: number) => `/packages/*/x${index} @a`, paths],
    ["deep paths", () => "/none @a", paths.map((path) => "a/".repeat(2000) + path)],
  ])("gives up in time on ten thousand lines of %s", (_name, make, touched) => {
    const rules = lines(make);
    const before = busyMs();
    expect(findOwners(rules, touched)).toBeNull();
    expect(busyMs() - before).toBeLessThan(1000);
  });

  it("takes lines that no regular expression should be made of", () => {
    const before = busyMs();
    for (const text of [
      `a${" ".repeat(900_000)}x`,
      "\\ ".repeat(500_000),
      "[".repeat(900_000),
      "/".repeat(900_000),
    ])
      readOwners(text);
    expect(findOwners(readOwners(`${"*a".repeat(900)}b @x`) ?? [], ["a".repeat(4000)])?.size).toBe(0);
    expect(busyMs() - before).toBeLessThan(1000);
  });
});
