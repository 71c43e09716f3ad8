import { basename } from "node:path";
import { parseConfig } from "../../core/config/parse-config.ts";
import { parseOrganisation } from "../../core/organisation/parse-organisation.ts";
import { parseRoadmap } from "../../core/roadmap/parse-roadmap.ts";
import { type Problem, renderProblem } from "../../core/yaml/problem.ts";
import { readYaml } from "../../core/yaml/read-yaml.ts";
import { type CliHost, CliProblem, EXIT, type ExitCode } from "./cli-host.ts";

interface Finding {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

interface Kind {
  readonly name: "configuration" | "roadmap" | "organisation";
  readonly fileName: RegExp;
  /** Keys that only this kind of file has at its top. */
  readonly keys: readonly string[];
  readonly check: (text: string) => Finding;
}

interface Report {
  readonly file: string;
  readonly code: ExitCode;
  readonly kind: Kind["name"] | null;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** Why the file could not be read; null when it could. */
  readonly error: string | null;
}

const CONFIGURATION: Kind = {
  name: "configuration",
  fileName: /^orchestrator\.ya?ml$/i,
  keys: [
    "mode",
    "autonomy",
    "limits",
    "roles",
    "kinds",
    "gates",
    "windows",
    "maintenance",
    "health",
    "reports",
  ],
  check: checkConfig,
};

const ROADMAP: Kind = {
  name: "roadmap",
  fileName: /roadmap[^/]*\.ya?ml$/i,
  keys: ["tasks", "milestones", "epics"],
  check: checkRoadmap,
};

const ORGANISATION: Kind = {
  name: "organisation",
  fileName: /^orchestrator-organisation\.ya?ml$/i,
  keys: ["repositories"],
  check: checkOrganisation,
};

const KINDS: readonly Kind[] = [CONFIGURATION, ROADMAP, ORGANISATION];

/** Checks files as the server would read them, and names every problem with its place. */
export async function validateFiles(
  files: readonly string[],
  options: { readonly json?: boolean },
  host: CliHost,
): Promise<ExitCode> {
  const reports = await Promise.all(files.map((file) => validateFile(file, host)));
  if (options.json === true) host.print(JSON.stringify(reportsToJson(reports)));
  else for (const report of reports) printReport(report, host);
  return reports.find(({ code }) => code === EXIT.failed)?.code ?? findWrong(reports);
}

function findWrong(reports: readonly Report[]): ExitCode {
  return reports.some(({ code }) => code !== EXIT.ok) ? EXIT.wrong : EXIT.ok;
}

async function validateFile(file: string, host: CliHost): Promise<Report> {
  try {
    const text = await host.readText(file);
    const { name, check } = recogniseKind(file, text);
    const found = check(text);
    const code = found.problems.length > 0 ? EXIT.wrong : EXIT.ok;
    return { file, code, kind: name, ...found, error: null };
  } catch (error) {
    if (!(error instanceof CliProblem)) throw error;
    return { file, code: EXIT.failed, kind: null, problems: [], warnings: [], error: error.message };
  }
}

/** The name decides, then what only one kind has; a file that says nothing of itself is a configuration. */
function recogniseKind(file: string, text: string): Kind {
  const named = KINDS.find(({ fileName }) => fileName.test(basename(file)));
  if (named !== undefined) return named;
  const document = readYaml(text);
  const isMap = document.ok && typeof document.value === "object" && document.value !== null;
  const keys = isMap ? Object.keys(document.value) : [];
  return KINDS.find((kind) => kind.keys.some((key) => keys.includes(key))) ?? CONFIGURATION;
}

function checkConfig(text: string): Finding {
  const parsed = parseConfig(text);
  return parsed.ok
    ? { problems: [], warnings: parsed.warnings }
    : { problems: parsed.problems, warnings: [] };
}

function checkRoadmap(text: string): Finding {
  const parsed = parseRoadmap(text);
  return { problems: parsed.ok ? [] : parsed.problems, warnings: [] };
}

function checkOrganisation(text: string): Finding {
  const parsed = parseOrganisation(text);
  return { problems: parsed.ok ? [] : parsed.problems, warnings: [] };
}

function printReport({ file, code, kind, problems, warnings, error }: Report, host: CliHost): void {
  if (error !== null) host.complain(error);
  for (const problem of problems) host.print(`${file}:${renderProblem(problem)}`);
  for (const { line, column, message } of warnings) {
    host.print(`${file}:${line}:${column}: warning: ${message}`);
  }
  if (code === EXIT.ok) host.print(`${file}: valid ${kind}`);
}

function reportsToJson(reports: readonly Report[]) {
  return {
    ok: reports.every(({ code }) => code === EXIT.ok),
    files: reports.map(({ code, ...report }) => ({ ...report, ok: code === EXIT.ok })),
  };
}
