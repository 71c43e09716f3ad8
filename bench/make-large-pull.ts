import type { ChangedFile, OwnersFile } from "../src/core/facts.ts";
import { createRandom } from "./statistics.ts";

/** How large a pull request and each of its two sets of reports are. */
export interface PullSize {
  readonly files: number;
  readonly cases: number;
  readonly findings: number;
  readonly seed: number;
}

/** What GitHub has to say of a pull request. */
export interface Change {
  readonly files: readonly ChangedFile[];
  readonly owners: OwnersFile;
}

/** The commit of the pull request, and the one that it was made from. */
export type Side = "head" | "base";

export const REPORTS = [
  { format: "junit", path: "junit.xml" },
  { format: "sarif", path: "scan.sarif" },
  { format: "coverage-summary", path: "coverage/coverage-summary.json" },
  { format: "metrics", path: "metrics.json" },
] as const;
type Format = (typeof REPORTS)[number]["format"];

/** So many findings of the head are new; all else is as good as before, or better. */
export const NEW_FINDINGS = 5;
const NEW_CASES = 100;
const RULES = 50;
const SAMPLES = 1_000;
/** Lines that the change puts before everything that was found, so that every finding is on another line. */
const SHIFT = 4;

/** An honest pull request but for its new findings; the same for the same seed. */
export function makeLargePull({ files: count, cases, findings, seed }: PullSize): {
  readonly change: Change;
  readonly reports: Readonly<Record<Side, (format: Format) => string>>;
} {
  const random = createRandom(seed);
  const paths = Array.from({ length: count }, (_, index) => makePath(index));
  const files = paths.map((path, index) => makeFile(path, index, random));
  const before = files.map(({ path, previousPath }) => previousPath ?? path);
  const write = (names: readonly string[], isHead: boolean): Readonly<Record<Format, () => string>> => ({
    junit: () => makeJunit(names, cases + (isHead ? NEW_CASES : 0)),
    sarif: () => makeSarif(names, findings, isHead),
    "coverage-summary": () => makeCoverage(names, isHead),
    metrics: () => makeMetrics(isHead),
  });
  return {
    change: { files, owners: makeOwners(paths) },
    reports: {
      head: (format) => write(paths, true)[format](),
      base: (format) => write(before, false)[format](),
    },
  };
}

/** A fifth are tests; every folder has thirty files. */
function makePath(index: number): string {
  const folder = `area-${Math.floor(index / 300)}/part-${Math.floor(index / 30)}`;
  return index % 5 === 0 ? `test/${folder}/case-${index}.test.ts` : `src/${folder}/module-${index}.ts`;
}

/** Every seventh file comes from another place; the change adds lines and keeps those that are there. */
function makeFile(path: string, index: number, random: () => number): ChangedFile {
  const isMoved = index % 7 === 1;
  const patch = makePatch(index, random);
  return {
    path,
    previousPath: isMoved ? path.replace(/(?:module|case)-/u, "former-") : null,
    status: isMoved ? "renamed" : "modified",
    additions: patch.additions,
    deletions: 0,
    patch: patch.text,
  };
}

function makePatch(
  index: number,
  random: () => number,
): { readonly text: string; readonly additions: number } {
  const line = (sign: string, number: number) =>
    `${sign}  const value${number} = compute(input.${word(random)}, ${Math.floor(random() * 1_000)});`;
  const context = Array.from({ length: 6 }, (_, number) => line(" ", number));
  const added = Array.from({ length: 10 }, (_, number) => line("+", 100 + number));
  const [before, after] = [context.slice(0, 3), [...context.slice(4), " }"]];
  const header = `@@ -10,${context.length} +10,${context.length + added.length} @@ export function work${index}() {`;
  return { text: [header, ...before, ...added, ...after].join("\n"), additions: added.length };
}

function word(random: () => number): string {
  return Math.floor(random() * 26 ** 5)
    .toString(36)
    .padEnd(8, "e");
}

function makeOwners(paths: readonly string[]): OwnersFile {
  const folders = [...new Set(paths.map((path) => path.split("/").slice(0, 3).join("/")))];
  const lines = ["* @ada", ...folders.map((folder) => `/${folder}/ @ada @acme/core`)];
  return { text: lines.join("\n"), path: ".github/CODEOWNERS", teams: { "@acme/core": [11, 12] } };
}

/** One suite for each test file, and none of its cases fails. */
function makeJunit(paths: readonly string[], count: number): string {
  const tests = paths.filter((path) => path.endsWith(".test.ts"));
  const suites = tests.map((path, suite) => {
    const cases: string[] = [];
    for (let index = suite; index < count; index += tests.length) {
      const skipped = index % 1_000 === 999 ? "><skipped/></testcase>" : "/>";
      cases.push(
        `<testcase classname="${path}" name="case ${index} &gt; keeps the order of rows" time="0.0${index % 90}"${skipped}`,
      );
    }
    return `<testsuite name="${path}" tests="${cases.length}" failures="0">\n${cases.join("\n")}\n</testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("\n")}\n</testsuites>\n`;
}

function makeSarif(paths: readonly string[], count: number, isHead: boolean): string {
  const results = Array.from({ length: count }, (_, index) => makeResult(paths, index, isHead));
  const fresh = Array.from({ length: isHead ? NEW_FINDINGS : 0 }, (_, index) =>
    makeResult(paths, count + index, isHead),
  );
  const rules = Array.from({ length: RULES }, (_, index) => ({
    id: `rule-${index}`,
    shortDescription: { text: `Rule ${index} is broken` },
    defaultConfiguration: { level: "warning" },
  }));
  return JSON.stringify({
    version: "2.1.0",
    runs: [{ tool: { driver: { name: "scanner", rules } }, results: [...results, ...fresh] }],
  });
}

function makeResult(paths: readonly string[], index: number, isHead: boolean) {
  const startLine = 20 + (index % 400) + (isHead ? SHIFT : 0);
  const text = `The value of item${index} is never read after it was computed in this block.`;
  return {
    ruleId: `rule-${index % RULES}`,
    ruleIndex: index % RULES,
    level: index % 3 === 0 ? "error" : "warning",
    message: { text },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: paths[index % paths.length], uriBaseId: "%SRCROOT%" },
          region: {
            startLine,
            startColumn: 3,
            snippet: { text: `  const item${index} = compute(${index});` },
          },
        },
      },
    ],
  };
}

function makeCoverage(paths: readonly string[], isHead: boolean): string {
  const sources = paths.filter((path) => path.startsWith("src/"));
  const total = 100 + (isHead ? SHIFT : 0);
  const counts = (files: number) => {
    const measure = { total: total * files, covered: (total - 10) * files, skipped: 0, pct: 90 };
    return { lines: measure, statements: measure, functions: measure, branches: measure };
  };
  return JSON.stringify({
    total: counts(sources.length),
    ...Object.fromEntries(sources.map((path) => [path, counts(1)])),
  });
}

function makeMetrics(isHead: boolean): string {
  const metrics = Array.from({ length: SAMPLES }, (_, index) => ({
    name: "r2",
    value: 0.7 + (index % 10) / 100 + (isHead ? 0.001 : 0),
    labels: { tenant: String(index), sensitivity: index % 2 === 0 ? "high" : "low" },
  }));
  return JSON.stringify({ metrics });
}
