import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { GATE_RULES } from "../src/core/gate/evaluate-pull.ts";

/** Text by path from the root of the project, such as `src/core/result.ts`. */
type Sources = ReadonlyMap<string, string>;

interface Layer {
  /** Where its files are; the first row that fits a file is its layer. */
  readonly folder: string;
  /** Folders below src that it may import beside its own. */
  readonly layers: readonly string[];
  /** Packages it may import; one that ends with `*` is the beginning of several names. */
  readonly packages: readonly string[];
}

const PARSERS = [
  "zod",
  "js-yaml",
  "picomatch",
  "saxes",
  "fastest-levenshtein",
  "croner",
  "canonicalize",
  "mdast",
  "mdast-util-*",
  "micromark*",
];

/** Who may import whom. An adapter knows no other adapter, nobody but the root knows an adapter. */
const LAYERS: readonly Layer[] = [
  { folder: "core/", layers: [], packages: PARSERS },
  { folder: "ports/", layers: ["core/"], packages: [] },
  { folder: "handlers/", layers: ["core/", "ports/"], packages: [] },
  { folder: "simulation/", layers: ["core/", "ports/", "handlers/"], packages: [] },
  {
    folder: "adapters/github/",
    layers: ["core/", "ports/"],
    packages: ["probot", "@octokit/*", "pino", "zod", "js-yaml", "yauzl", "node:*"],
  },
  {
    folder: "adapters/store/",
    layers: ["core/", "ports/"],
    packages: ["kysely", "kysely/migration", "pg", "@electric-sql/pglite*", "zod", "node:*"],
  },
  {
    folder: "adapters/web/",
    layers: ["core/", "ports/"],
    packages: ["hono*", "prom-client", "zod", "node:*"],
  },
  {
    folder: "adapters/cli/",
    layers: ["core/", "ports/", "handlers/"],
    packages: ["commander", "node:*"],
  },
  {
    folder: "sandbox/",
    layers: [],
    packages: [
      "@actions/expressions",
      "@octokit/*",
      "commander",
      "fflate",
      "hono*",
      "js-yaml",
      "mdast",
      "mdast-util-*",
      "micromark*",
      "picomatch",
      "yaml",
      "zod",
      "node:*",
    ],
  },
  {
    folder: "",
    layers: ["core/", "ports/", "handlers/", "adapters/", "simulation/"],
    packages: ["pino", "probot", "zod", "node:*"],
  },
];

/** Reading the clock, chance or the world makes a function impossible to test by its value. */
const IMPURE =
  /\b(?:Date\.now\b|new Date\(\s*\)|Math\.random\b|performance\.|process\.|crypto\.|globalThis\b|fetch\(|setTimeout\(|setInterval\(|await |async |console\.)/;
/** Names that say nothing draw everything. */
const FORBIDDEN_NAME =
  /(?:^|\/)(?:utils?|helpers?|common|types?|misc|shared|lib|interfaces?|index)(?:\.ts$|\/)/;
const MAX_LINES = 300;
const MAX_FILES_IN_FOLDER = 15;

/** Everything that is wrong with the given sources, one line each. */
function checkArchitecture(sources: Sources): readonly string[] {
  return [
    ...[...sources].flatMap(([path, text]) => FILE_RULES.flatMap((rule) => rule(path, text))),
    ...findCycles(sources, listRunImports),
    ...findUnlistedGates(sources),
  ];
}

const FILE_RULES: readonly ((path: string, text: string) => readonly string[])[] = [
  findForbiddenImports,
  findImpurity,
  (path, text) => {
    const lines = text.trimEnd().split("\n").length;
    return lines > MAX_LINES ? [`${path} has ${lines} lines, more than ${MAX_LINES}`] : [];
  },
  (path) => (FORBIDDEN_NAME.test(path) ? [`${path} has a name that says nothing`] : []),
  (path, text) => {
    const code = withoutComments(text).trim();
    const isBarrel =
      code !== "" && code.split(/;\s*/).every((part) => /^(?:export\b.*\bfrom\b.*)?$/s.test(part));
    return isBarrel ? [`${path} only hands on what others export`] : [];
  },
];

function findForbiddenImports(path: string, text: string): readonly string[] {
  const layer = layerOf(path);
  return listImports(text).flatMap((specifier) => {
    if (!specifier.startsWith(".")) {
      const isAllowed = layer.packages.some((name) => matchesPackage(specifier, name));
      return isAllowed ? [] : [`${path} imports the package ${specifier}`];
    }
    const target = posix.join(posix.dirname(path), specifier);
    if (!target.startsWith("src/")) return [`${path} imports ${target}, outside src`];
    const other = layerOf(target).folder;
    const isAllowed =
      other === layer.folder || layer.layers.some((one) => other !== "" && other.startsWith(one));
    return isAllowed ? [] : [`${path} imports ${target}`];
  });
}

function matchesPackage(specifier: string, name: string): boolean {
  return name.endsWith("*") ? specifier.startsWith(name.slice(0, -1)) : specifier === name;
}

function layerOf(path: string): Layer {
  const found = LAYERS.find(({ folder }) => path.startsWith(`src/${folder}`));
  if (found === undefined) throw new Error(`${path} is in no layer`);
  return found;
}

/** What is played again by its seed has no other clock and no other chance. */
const UNREPEATABLE =
  /\b(?:Date\.now\b|new Date\(\s*\)|Math\.random\b|performance\.|crypto\.|setTimeout\(|setInterval\()/;

/** By the folder that it is forbidden in. */
const FORBIDDEN_CALLS: Readonly<Record<string, RegExp>> = {
  "src/core/": IMPURE,
  "src/simulation/": UNREPEATABLE,
};

function findImpurity(path: string, text: string): readonly string[] {
  const forbidden = Object.entries(FORBIDDEN_CALLS).find(([folder]) => path.startsWith(folder))?.[1];
  const [found] = forbidden?.exec(withoutComments(text)) ?? [];
  return found === undefined ? [] : [`${path} is not pure: ${found.trim()}`];
}

function listImports(text: string): readonly string[] {
  const statement =
    /^(?:import\s*"|(?:import|export)\b[^"';]*?\bfrom\s*")([^"]+)"|\bimport\(\s*"([^"]+)"|\brequire\(\s*"([^"]+)"/gm;
  return [...withoutComments(text).matchAll(statement)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? "",
  );
}

/** What is loaded when the file is; types are gone by then. */
function listRunImports(text: string): readonly string[] {
  return listImports(text.replace(/^(?:import|export) type\b[^;]*;/gm, ""));
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
}

function findCycles(sources: Sources, importsOf: (text: string) => readonly string[]): readonly string[] {
  const done = new Set<string>();
  const trail: string[] = [];
  const cycles: string[] = [];
  const visit = (path: string): void => {
    const from = trail.indexOf(path);
    if (from >= 0) cycles.push(`circle: ${[...trail.slice(from), path].join(" → ")}`);
    if (from >= 0 || done.has(path)) return;
    trail.push(path);
    const specifiers = importsOf(sources.get(path) ?? "").filter((specifier) => specifier.startsWith("."));
    for (const specifier of specifiers) visit(posix.join(posix.dirname(path), specifier));
    trail.pop();
    done.add(path);
  };
  for (const path of sources.keys()) visit(path);
  return cycles;
}

function findUnlistedGates(sources: Sources): readonly string[] {
  const table = sources.get("src/core/gate/evaluate-pull.ts") ?? "";
  const listed = /GATE_RULES\b[^=]*=\s*\[([^\]]*)\]/.exec(table)?.[1] ?? "";
  const rules = [...sources].filter(([path]) => path.startsWith("src/core/gate/rules/"));
  return rules.flatMap(([path, text]) => {
    const [, name] = /export const (\w+): GateRule\b/.exec(text) ?? [];
    if (name === undefined) return [`${path} exports no gate`];
    return new RegExp(`\\b${name}\\b`).test(listed) ? [] : [`${path} is not listed in GATE_RULES`];
  });
}

function listCrowdedFolders(sources: Sources): readonly string[] {
  const sizes = new Map<string, number>();
  for (const path of sources.keys()) sizes.set(dirname(path), (sizes.get(dirname(path)) ?? 0) + 1);
  return [...sizes]
    .filter(([, size]) => size > MAX_FILES_IN_FOLDER)
    .map(([folder, size]) => `${folder} has ${size} files, more than ${MAX_FILES_IN_FOLDER}`);
}

const ROOT = fileURLToPath(new URL("../", import.meta.url));

function readSources(): Sources {
  const paths = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
    .map((path) => `src/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".ts"));
  return new Map(paths.map((path) => [path, readFileSync(join(ROOT, path), "utf8")]));
}

describe("the architecture of src", () => {
  const sources = readSources();

  it("keeps every rule; crowded folders and circles of types are mentioned only", async ({ annotate }) => {
    const mentions = [...listCrowdedFolders(sources), ...findCycles(sources, listImports)];
    for (const mention of mentions) await annotate(mention, "warning");

    expect(sources.size).toBeGreaterThan(100);
    expect(checkArchitecture(sources)).toEqual([]);
  });

  it("has gates that are called after their files", () => {
    const files = [...sources.keys()].filter((path) => path.startsWith("src/core/gate/rules/"));

    expect(new Set(GATE_RULES.map(({ name }) => name))).toEqual(
      new Set(files.map((path) => posix.basename(path, ".ts").replaceAll("-", "_"))),
    );
  });

  it("sees every import that the sources have", () => {
    const imports = listImports(sources.get("src/core/gate/evaluate-pull.ts") ?? "");

    expect(imports).toContain("./gate-rule.ts");
    expect(imports).toContain("./rules/size.ts");
  });

  it("takes more than 15 files for a crowd", () => {
    const crowd = Array.from({ length: 16 }, (_, at) => [`src/core/big/file-${at}.ts`, ""] as const);

    expect(listCrowdedFolders(new Map(crowd))).toEqual(["src/core/big has 16 files, more than 15"]);
    expect(listCrowdedFolders(new Map(crowd.slice(1)))).toEqual([]);
  });
});

describe("a planted fault is found:", () => {
  const statement = (specifier: string) => `import { a } from "${specifier}";\nexport const b = a;\n`;
  const planted: readonly (readonly [string, string, string, string])[] = [
    [
      "a handler imports an adapter",
      "src/handlers/a.ts",
      statement("../adapters/store/b.ts"),
      "imports src/adapters/store/b.ts",
    ],
    [
      "an adapter imports another",
      "src/adapters/web/a.ts",
      statement("../store/b.ts"),
      "imports src/adapters/store/b.ts",
    ],
    [
      "an adapter imports a handler",
      "src/adapters/web/a.ts",
      statement("../../handlers/b.ts"),
      "imports src/handlers/b.ts",
    ],
    [
      "the command line imports the root",
      "src/adapters/cli/a.ts",
      statement("../../wire.ts"),
      "imports src/wire.ts",
    ],
    ["the core imports a port", "src/core/a.ts", statement("../ports/b.ts"), "imports src/ports/b.ts"],
    ["the core imports Node", "src/core/a.ts", statement("node:fs"), "imports the package node:fs"],
    ["a port imports a package", "src/ports/a.ts", statement("pg"), "imports the package pg"],
    ["a handler logs by itself", "src/handlers/a.ts", statement("pino"), "imports the package pino"],
    [
      "the store talks to GitHub",
      "src/adapters/store/a.ts",
      statement("@octokit/rest"),
      "imports the package @octokit/rest",
    ],
    [
      "a package whose name only begins alike",
      "src/adapters/store/a.ts",
      statement("pg-promise"),
      "imports the package pg-promise",
    ],
    [
      "the sandbox imports the product",
      "src/sandbox/world/a.ts",
      statement("../../core/b.ts"),
      "imports src/core/b.ts",
    ],
    [
      "the product imports the sandbox",
      "src/adapters/github/a.ts",
      statement("../../sandbox/b.ts"),
      "imports src/sandbox/b.ts",
    ],
    ["the root imports the sandbox", "src/wire.ts", statement("./sandbox/b.ts"), "imports src/sandbox/b.ts"],
    [
      "source imports a test",
      "src/core/a.ts",
      statement("../../test/b.ts"),
      "imports test/b.ts, outside src",
    ],
    ["a type is imported", "src/ports/a.ts", 'import type { Pool } from "pg";\n', "imports the package pg"],
    [
      "an import over several lines",
      "src/ports/a.ts",
      'import {\n  a,\n  b,\n} from "pg";\n',
      "imports the package pg",
    ],
    ["an import for its effect", "src/core/a.ts", 'import "node:fs";\n', "imports the package node:fs"],
    [
      "something handed on",
      "src/core/a.ts",
      'export { a } from "pg";\nexport const b = 1;\n',
      "imports the package pg",
    ],
    ["a lazy import", "src/ports/a.ts", 'export const a = () => import("pg");\n', "imports the package pg"],
    ["a clock in the core", "src/core/a.ts", "export const a = () => Date.now();\n", "is not pure: Date.now"],
    [
      "a clock without a name",
      "src/core/a.ts",
      "export const a = () => new Date();\n",
      "is not pure: new Date()",
    ],
    [
      "chance in the core",
      "src/core/a.ts",
      "export const a = () => Math.random();\n",
      "is not pure: Math.random",
    ],
    [
      "the environment in the core",
      "src/core/a.ts",
      "export const a = () => process.env;\n",
      "is not pure: process.",
    ],
    [
      "chance without a seed in the simulation",
      "src/simulation/a.ts",
      "export const a = () => Math.random();\n",
      "is not pure: Math.random",
    ],
    ["waiting in the core", "src/core/a.ts", "export async function a() {}\n", "is not pure: async"],
    [
      "a file that is too long",
      "src/core/a.ts",
      "export const a = 1;\n".repeat(301),
      "has 301 lines, more than 300",
    ],
    ["a drawer", "src/core/plan/utils.ts", "export const a = 1;\n", "has a name that says nothing"],
    [
      "a drawer full of files",
      "src/core/helpers/a.ts",
      "export const a = 1;\n",
      "has a name that says nothing",
    ],
    [
      "a barrel",
      "src/core/plan/all.ts",
      'export { a } from "./a.ts";\nexport * from "./b.ts";\n',
      "only hands on what others export",
    ],
    [
      "a gate outside the table",
      "src/core/gate/rules/a.ts",
      "export const aGate: GateRule = {};\n",
      "is not listed in GATE_RULES",
    ],
    ["a gate file without a gate", "src/core/gate/rules/a.ts", "export const a = 1;\n", "exports no gate"],
  ];

  it.each(planted)("%s", (_, path, text, complaint) => {
    expect(checkArchitecture(new Map([[path, text]]))).toEqual([`${path} ${complaint}`]);
  });

  it("a circle over several files", () => {
    const circle = new Map([
      ["src/core/a.ts", 'import { b } from "./b.ts";\nexport const a = b;\n'],
      ["src/core/b.ts", 'import { c } from "./c.ts";\nexport const b = c;\n'],
      ["src/core/c.ts", 'import { a } from "./a.ts";\nexport const c = a;\n'],
    ]);

    expect(checkArchitecture(circle)).toEqual([
      "circle: src/core/a.ts → src/core/b.ts → src/core/c.ts → src/core/a.ts",
    ]);
  });

  it("a circle of types, which is mentioned only", () => {
    const circle = new Map([
      ["src/core/a.ts", 'import { b } from "./b.ts";\nexport type A = typeof b;\n'],
      ["src/core/b.ts", 'import type { A } from "./a.ts";\nexport const b: A = 1;\n'],
    ]);

    expect(checkArchitecture(circle)).toEqual([]);
    expect(findCycles(circle, listImports)).toEqual([
      "circle: src/core/a.ts → src/core/b.ts → src/core/a.ts",
    ]);
  });

  it("nothing where two files share a third, or a comment speaks of clocks and imports", () => {
    const sound = new Map([
      [
        "src/core/a.ts",
        'import { c } from "./c.ts";\nimport { b } from "./b.ts";\nexport const a = [b, c];\n',
      ],
      ["src/core/b.ts", 'import { c } from "./c.ts";\nexport const b = c;\n'],
      [
        "src/core/c.ts",
        '/** Not Date.now(). */\n// import { a } from "./a.ts";\nexport const c = new Date(0);\n',
      ],
    ]);

    expect(checkArchitecture(sound)).toEqual([]);
  });
});
