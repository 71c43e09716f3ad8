import { lowest } from "../autonomy/autonomy.ts";
import { kindOfFormat } from "../evidence/reports/read-report.ts";
import { createRecord } from "../yaml/create-record.ts";
import type { Path } from "../yaml/problem.ts";
import type { ReadableYaml } from "../yaml/read-yaml.ts";
import { builtInRoles, roleDefaults } from "./built-in-roles.ts";
import type {
  Acceptance,
  Config,
  CoverageConfig,
  Critics,
  GatesConfig,
  Kind,
  MetricGate,
  Role,
  Stage,
} from "./config.ts";
import { parseDuration } from "./duration.ts";
import type { WrittenConfig } from "./written-config.ts";
import type { WrittenAcceptance, WrittenMetricGate, WrittenValue } from "./written-fields.ts";

export type TextAt = ReadableYaml["textAt"];

type WrittenRole = WrittenConfig["roles"][string];
type WrittenKind = WrittenConfig["kinds"][string];
type WrittenStage = NonNullable<WrittenKind["stages"]>[number];

/** Turns a file that obeys every rule into what the program reads; `textAt` gives scalars as they were written. */
export function normaliseConfig(written: WrittenConfig, textAt: TextAt): Config {
  const roles = normaliseRoles(written);
  const kinds = Object.entries(written.kinds).map(
    ([name, kind]) => [name, normaliseKind({ name, kind, roles, textAt })] as const,
  );
  const { version, mode, autonomy, governed, label, gates, allowedBots } = written;
  return {
    version,
    mode,
    autonomy,
    governed,
    label,
    limits: {
      ...written.limits,
      perTeam: createRecord(Object.entries(written.limits.perTeam)),
      minutesPerWeek: written.limits.minutesPerWeek,
      usdPerWeek: written.limits.usdPerWeek,
      minutesPerTask: written.limits.minutesPerTask,
      usdPerTask: written.limits.usdPerTask,
    },
    roles,
    kinds: createRecord(kinds),
    gates: normaliseGates(gates, textAt),
    ceilings: written.ceilings,
    windows: written.windows.map(({ lasts, ...window }) => ({ ...window, lastsMs: parseDuration(lasts) })),
    critics: normaliseCritics(written.critics, textAt),
    breaker: { failures: written.breaker.failures, pauseMs: parseDuration(written.breaker.pause) },
    knowledge: written.knowledge,
    reports: { weekly: written.reports.weekly },
    roadmap: written.roadmap,
    roadmapIssues: written.roadmapIssues,
    roadmapUpdates: {
      pullRequest: written.roadmapUpdates.pullRequest,
      context: written.roadmapUpdates.context,
    },
    allowedBots,
  };
}

/** What a report is judged by where the file says nothing about its kind. */
const REPORT_DEFAULTS = {
  tests: { newlySkipped: 0, lost: 0 },
  findings: { level: "warning", new: 0 },
  coverage: { lines: { min: undefined, maxDrop: 0, changedMin: undefined } },
} as const;

/** A kind of report is judged where one of it is listed; the rules see to it that none is judged without. */
function normaliseGates(written: WrittenConfig["gates"], textAt: TextAt): GatesConfig {
  const { reports, tests, findings, coverage, metrics, ...gates } = written;
  const kinds = new Set(reports?.files.map(({ format }) => kindOfFormat(format)));
  return {
    ...gates,
    metrics: metrics.map((metric, index) =>
      normaliseMetric(metric, { path: ["gates", "metrics", index], textAt }),
    ),
    ...(reports === undefined ? {} : { reports }),
    ...(kinds.has("tests") ? { tests: tests ?? REPORT_DEFAULTS.tests } : {}),
    ...(kinds.has("findings") ? { findings: findings ?? REPORT_DEFAULTS.findings } : {}),
    ...(kinds.has("coverage") ? { coverage: normaliseCoverage(coverage) } : {}),
  };
}

function normaliseCoverage(written: WrittenConfig["gates"]["coverage"]): CoverageConfig {
  if (written === undefined) return REPORT_DEFAULTS.coverage;
  const measures = (["lines", "branches"] as const).flatMap((measure) => {
    const bounds = written[measure];
    if (bounds === undefined) return [];
    const { min, maxDrop, changedMin } = bounds;
    return [[measure, { min, maxDrop, changedMin }] as const];
  });
  return Object.fromEntries(measures);
}

/** Every role there is, built-in ones included, as the file leaves it. */
export function normaliseRoles(written: WrittenConfig): Readonly<Record<string, Role>> {
  const names = new Set([...Object.keys(builtInRoles), ...Object.keys(written.roles)]);
  return createRecord([...names].map((name) => [name, normaliseRole(name, written)] as const));
}

export function normaliseAcceptance(
  acceptance: WrittenAcceptance | WrittenMetricGate,
  { path, textAt }: { readonly path: Path; readonly textAt: TextAt },
): Acceptance {
  const { metric, min, max, above, below, minSamples } = acceptance;
  const where = Object.entries(acceptance.where).map(
    ([label, value]) => [label, textAt([...path, "where", label]) ?? String(value)] as const,
  );
  return { metric, where: createRecord(where), min, max, above, below, minSamples };
}

function normaliseMetric(
  gate: WrittenMetricGate,
  place: { readonly path: Path; readonly textAt: TextAt },
): MetricGate {
  const { better, maxWorse, maxWorsePercent } = gate;
  return { ...normaliseAcceptance(gate, place), better, maxWorse, maxWorsePercent };
}

function normaliseCritics(written: WrittenConfig["critics"], textAt: TextAt): Critics | undefined {
  if (written === undefined) return undefined;
  const inputs = Object.entries(written.inputs).map(
    ([input, value]) => [input, writtenTexts(value, ["critics", "inputs", input], textAt)[0] ?? ""] as const,
  );
  return {
    workflow: written.workflow,
    inputs: createRecord(inputs),
    accept: written.accept.map((acceptance, index) =>
      normaliseAcceptance(acceptance, { path: ["critics", "accept", index], textAt }),
    ),
    timeoutMs: parseDuration(written.timeout),
  };
}

function normaliseRole(name: string, written: WrittenConfig): Role {
  const own: WrittenRole | undefined = written.roles[name];
  const builtIn = isBuiltIn(name) ? builtInRoles[name] : undefined;
  return {
    name,
    team: own?.team ?? builtIn?.team ?? "",
    workflow: own?.workflow ?? builtIn?.workflow,
    provider: own?.provider,
    backup: (own?.backup ?? builtIn?.backup) || undefined,
    branch: own?.branch ?? builtIn?.branch ?? roleDefaults.branch,
    attempts: own?.attempts ?? roleDefaults.attempts,
    timeoutMs: parseDuration(own?.timeout ?? roleDefaults.timeout),
    autonomy: own?.autonomy === undefined ? undefined : lowest(written.autonomy, own.autonomy),
    minutesPerWeek: own?.minutesPerWeek,
    usdPerWeek: own?.usdPerWeek,
  };
}

export function isBuiltIn(name: string): name is keyof typeof builtInRoles {
  return Object.hasOwn(builtInRoles, name);
}

function normaliseKind({ name, kind, roles, textAt }: KindInput): Kind {
  const roleName = kind.role ?? name;
  const role = roles[roleName];
  const timeoutMs = role?.timeoutMs ?? parseDuration(roleDefaults.timeout);
  const written = kind.stages?.map((stage, index) =>
    normaliseStage(stage, { path: ["kinds", name, "stages", index], textAt, timeoutMs }),
  );
  const change: Stage = {
    name: "change",
    workflow: role?.workflow ?? "",
    inputs: createRecord([]),
    accept: [],
    timeoutMs,
  };
  return {
    name,
    documentation: kind.documentation,
    match: kind.match ?? { labels: [name] },
    paths: kind.paths,
    needs: kind.needs,
    role: roleName,
    stages: written ?? [change],
  };
}

interface KindInput {
  readonly name: string;
  readonly kind: WrittenKind;
  readonly roles: Readonly<Record<string, Role>>;
  readonly textAt: TextAt;
}

function normaliseStage(
  stage: WrittenStage,
  { path, textAt, timeoutMs }: { readonly path: Path; readonly textAt: TextAt; readonly timeoutMs: number },
): Stage {
  const inputs = Object.entries(stage.inputs).map(
    ([input, value]) => [input, writtenTexts(value, [...path, "inputs", input], textAt)] as const,
  );
  const accept = stage.accept.map((acceptance, index) =>
    normaliseAcceptance(acceptance, { path: [...path, "accept", index], textAt }),
  );
  return {
    name: stage.name,
    workflow: stage.workflow,
    inputs: createRecord(inputs),
    accept,
    timeoutMs: stage.timeout === undefined ? timeoutMs : parseDuration(stage.timeout),
  };
}

function writtenTexts(value: WrittenValue | WrittenValue[], path: Path, textAt: TextAt): readonly string[] {
  if (!Array.isArray(value)) return [textAt(path) ?? String(value)];
  return value.map((item, index) => textAt([...path, index]) ?? String(item));
}
