import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { COUNTS, MEASURES } from "../src/adapters/web/metric-rows.ts";
import { autonomies } from "../src/core/autonomy/autonomy.ts";
import { WorkerResult } from "../src/core/evidence/worker-result.ts";
import * as deadlines from "../src/core/plan/deadlines.ts";
import { REASONS } from "../src/core/reasons.ts";
import { FAILURE_CLASSES, TASK_STATES } from "../src/core/task/task.ts";
import { CONTROL_COMMANDS } from "../src/sandbox/control/control-commands.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const MINUTE_MS = 60_000;
const UNITS: readonly (readonly [string, number])[] = [
  ["h", 60 * MINUTE_MS],
  ["min", MINUTE_MS],
  ["s", 1000],
];

const lifecycle = read("docs/lifecycle.md");
const reasonCodes = Object.keys(REASONS);

describe("docs/lifecycle.md", () => {
  it("draws every state of a task and no other", () => {
    const edges = diagramOf(lifecycle).matchAll(/^\s*(\S+) --> (\w+|\[\*\])/gmu);
    const drawn = [...edges].flatMap(([, from = "", to = ""]) => [from, to]);

    expect(new Set(drawn.filter((state) => state !== "[*]"))).toEqual(new Set(TASK_STATES));
  });

  it("explains every state of a task and no other", () => {
    expect(firstCells(lifecycle, "States")).toEqual([...TASK_STATES]);
  });

  it("names every class of failure", () => {
    expect(FAILURE_CLASSES.filter((name) => !lifecycle.includes(`\`${name}\``))).toEqual([]);
  });

  it("gives classes of failure that exist to what a run left", () => {
    const rows = rowsOf(lifecycle, "Stages, attempts, evidence");
    const classes = rows.flatMap((cells) => codesIn(cells[2] ?? ""));

    expect(classes.length).toBeGreaterThan(3);
    expect(classes.filter((name) => !isOneOf(FAILURE_CLASSES, name))).toEqual([]);
  });

  it("names only reasons that exist", () => {
    const groups = new Set(reasonCodes.map((code) => code.split(".")[0]));
    const named = codesIn(lifecycle).filter((code) => groups.has(/^([a-z]+)\.[a-z-]+$/u.exec(code)?.[1]));

    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((code) => !isOneOf(reasonCodes, code))).toEqual([]);
  });

  it("lists the levels of autonomy in their order", () => {
    expect(firstCells(lifecycle, "Autonomy")).toEqual([...autonomies]);
  });

  it("gives every deadline its value", () => {
    const documented = rowsOf(lifecycle, "Deadlines").map(([name, value]) => [codesIn(name ?? "")[0], value]);
    const wanted = Object.entries(deadlines).map(([name, value]) => [name, describeMs(value)]);

    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(wanted));
  });
});

describe("docs/architecture.md", () => {
  const architecture = read("docs/architecture.md");
  const sources = readSources();

  it("names files and folders that are there", () => {
    const paths = codesIn(architecture).filter((code) => /^(?:src|test|demo)\/[\w./-]*$/u.test(code));

    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it("names functions and constants that are there", () => {
    const names = codesIn(architecture).flatMap(
      (code) => /^(\w+)\(\)$|^([A-Z]+_[A-Z_]+)$/u.exec(code)?.[0] ?? [],
    );
    const missing = names.filter((name) => {
      const declared = name.endsWith("()") ? `function ${name.slice(0, -2)}[(<]` : `const ${name}\\b`;
      return !new RegExp(declared, "u").test(sources);
    });

    expect(names.length).toBeGreaterThan(15);
    expect(missing).toEqual([]);
  });
});

describe("docs/operations.md", () => {
  it("lists every metric that the product counts or measures, with its labels", () => {
    const documented = rowsOf(read("docs/operations.md"), "Health, readiness, metrics").map(
      ([name = "", labels = ""]) => [codesIn(name)[0], codesIn(labels)],
    );
    const counts = Object.entries(COUNTS).map(([name, { labels }]) => [`orchestrator_${name}_total`, labels]);
    const measures = Object.entries(MEASURES).map(([name, { labels }]) => [
      `orchestrator_${name}_seconds`,
      labels,
    ]);

    expect(documented).toEqual(expect.arrayContaining([...counts, ...measures]));
  });
});

describe("docs/sandbox.md", () => {
  it("lists every control function and no other", () => {
    const rows = rowsOf(read("docs/sandbox.md"), "Control functions");
    const documented = rows.flatMap(([names = ""]) => codesIn(names));

    expect(new Set(documented)).toEqual(new Set(Object.keys(CONTROL_COMMANDS)));
  });
});

describe("docs/worker-contract.md", () => {
  it("lists every field of a result and no other", () => {
    const rows = rowsOf(read("docs/worker-contract.md"), "Result");
    const documented = rows.flatMap(([names = ""]) => codesIn(names));

    expect(new Set(documented)).toEqual(new Set(Object.keys(WorkerResult.shape)));
  });
});

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

function readSources(): string {
  const paths = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" });
  return paths
    .filter((path) => path.endsWith(".ts"))
    .map((path) => read(`src/${path}`))
    .join("\n");
}

function diagramOf(page: string): string {
  return /```mermaid\n([\s\S]*?)```/u.exec(page)?.[1] ?? "";
}

/** What stands between backticks, without code blocks. */
function codesIn(text: string): readonly string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gmu, "");
  return [...prose.matchAll(/`([^`\n]+)`/gu)].map(([, code]) => code ?? "");
}

/** Cells of the first table below a heading, without its head. */
function rowsOf(page: string, heading: string): readonly (readonly string[])[] {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  const table = /(?:^\|.*\n)+/mu.exec(section.split("\n## ")[0] ?? "")?.[0] ?? "";
  const lines = table.trim().split("\n").slice(2);
  return lines.map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

function firstCells(page: string, heading: string): readonly string[] {
  return rowsOf(page, heading).map(([cell = ""]) => codesIn(cell)[0] ?? cell);
}

function describeMs(value: number | readonly number[]): string {
  if (typeof value !== "number") return value.map(describeMs).join(", ");
  const [unit, size] = UNITS.find(([, ms]) => value % ms === 0) ?? ["ms", 1];
  return `${value / size} ${unit}`;
}

function isOneOf(known: readonly string[], name: string): boolean {
  return known.includes(name);
}
