import { z } from "zod";
import { buildFindingsReport, type RawFinding, readLine } from "../build-findings-report.ts";
import { cleanPath } from "../clean-path.ts";
import { capCount, REPORT_LIMITS, ReportRefusal } from "../limits.ts";
import { AnyList, listOf, readJson, readShape } from "../read-json.ts";
import type { FindingLevel, FindingsReport, ReadOptions } from "../report.ts";

const Index = z.number().int().min(-1).max(1e9).optional();
const Level = z.enum(["none", "note", "warning", "error"]);
const Message = z.object({ text: z.string().optional(), markdown: z.string().optional() });
const Artifact = z.object({ uri: z.string().optional(), index: Index });
const ListedArtifact = z.object({ location: Artifact });
const Rule = z.object({
  id: z.string(),
  shortDescription: Message.optional(),
  defaultConfiguration: z.object({ level: Level.optional() }).optional(),
});
const Notifications = listOf(z.object({ level: Level.optional() }), REPORT_LIMITS.findings).default([]);
const Invocation = z.object({
  executionSuccessful: z.boolean().optional(),
  exitCode: z.number().optional(),
  toolExecutionNotifications: Notifications,
  toolConfigurationNotifications: Notifications,
});
const Run = z.object({
  tool: z.object({ driver: z.object({ name: z.string(), rules: AnyList.default([]) }) }),
  results: AnyList.nullish(),
  artifacts: AnyList.default([]),
  invocations: listOf(Invocation, 1000).default([]),
  externalPropertyFileReferences: z.object({ results: AnyList.default([]) }).optional(),
});
const Log = z.object({ version: z.literal("2.1.0"), runs: AnyList });
const Location = z.object({
  physicalLocation: z
    .object({
      artifactLocation: Artifact.optional(),
      region: z
        .object({
          startLine: z.unknown().optional(),
          snippet: z.object({ text: z.string().optional() }).optional(),
        })
        .optional(),
    })
    .optional(),
  logicalLocations: listOf(z.object({ fullyQualifiedName: z.string().optional() }), 100).optional(),
});
const Found = z.object({
  ruleId: z.string().optional(),
  ruleIndex: Index,
  rule: z.object({ id: z.string().optional(), index: Index }).optional(),
  kind: z.string().default("fail"),
  level: Level.optional(),
  message: Message.default({}),
  locations: listOf(Location, 1000).default([]),
  suppressions: listOf(z.object({ status: z.string().optional() }), 100).nullish(),
  partialFingerprints: z.unknown().optional(),
});
type Found = z.infer<typeof Found>;
type Invocation = z.infer<typeof Invocation>;
type Rule = z.infer<typeof Rule>;

/** What the results of one run refer to. */
interface RunFacts {
  readonly tool: string;
  readonly rules: readonly Rule[];
  readonly ruleById: ReadonlyMap<string, Rule>;
  readonly artifacts: readonly unknown[];
  readonly options: ReadOptions;
}

/** Kinds of results that report no defect. */
const HARMLESS_KINDS: ReadonlySet<string> = new Set(["pass", "notApplicable"]);
/** Kinds that leave to people whether there is a defect; they have no level of their own. */
const OPEN_KINDS: ReadonlySet<string> = new Set(["open", "review"]);
/** CodeQL's hash of the line; beside it stands one of the column, which moves. */
const LINE_HASH = "primaryLocationLineHash";
const LEVELS: Readonly<Record<z.infer<typeof Level>, FindingLevel>> = {
  none: "note",
  note: "note",
  warning: "warning",
  error: "error",
};

/** Reads SARIF 2.1.0. A run that did not succeed, or has its results elsewhere, proves nothing and is refused. */
export function readSarif(text: string, options: ReadOptions = {}): FindingsReport {
  const { runs } = readShape(Log, readJson(text), "");
  if (runs.length === 0) throw new ReportRefusal("has no run");
  const findings: RawFinding[] = [];
  const suppressed: RawFinding[] = [];
  const tools: string[] = [];
  for (const [index, value] of runs.entries()) {
    const read = readRun(value, `runs.${index}`, options);
    for (const finding of read.findings) findings.push(finding);
    for (const finding of read.suppressed) suppressed.push(finding);
    tools.push(read.tool);
    capCount(findings.length + suppressed.length, REPORT_LIMITS.findings, "findings");
  }
  return buildFindingsReport(findings, { suppressed, tools });
}

function readRun(value: unknown, where: string, options: ReadOptions) {
  const run = readShape(Run, value, where);
  const { results } = run;
  const hasResults = (results?.length ?? 0) > 0;
  if (run.invocations.some((invocation) => hasFailed(invocation, hasResults))) {
    throw new ReportRefusal(`says that the tool did not succeed, at ${where}`);
  }
  if (run.invocations.some(isIncomplete)) {
    throw new ReportRefusal(
      `says that the tool met errors and may not have looked at everything, at ${where}`,
    );
  }
  const isElsewhere = (run.externalPropertyFileReferences?.results.length ?? 0) > 0;
  if (!results || isElsewhere) throw new ReportRefusal(`has no list of results at ${where}`);
  capCount(results.length, REPORT_LIMITS.findings, "findings");
  const rules = run.tool.driver.rules.map((rule, index) => readShape(Rule, rule, `${where}.rules.${index}`));
  const facts: RunFacts = {
    tool: run.tool.driver.name,
    rules,
    ruleById: new Map(rules.map((rule) => [rule.id, rule])),
    artifacts: run.artifacts,
    options,
  };
  const found = results
    .map((result, index) => readShape(Found, result, `${where}.results.${index}`))
    .filter(({ kind }) => !HARMLESS_KINDS.has(kind));
  const toFindings = (results: readonly Found[]) => results.map((result) => toFinding(result, facts));
  return {
    tool: facts.tool,
    findings: toFindings(found.filter((result) => !isSuppressed(result))),
    suppressed: toFindings(found.filter(isSuppressed)),
  };
}

/** Without a word on success, the exit code tells; many tools exit with 1 where they found something. */
function hasFailed({ executionSuccessful, exitCode = 0 }: Invocation, hasResults: boolean): boolean {
  if (executionSuccessful !== undefined) return !executionSuccessful;
  return exitCode !== 0 && !(exitCode === 1 && hasResults);
}

/** By the specification (appendix I), results beside such a notification cannot be assumed to be all there are. */
function isIncomplete(invocation: Invocation): boolean {
  const { toolExecutionNotifications, toolConfigurationNotifications } = invocation;
  return [...toolExecutionNotifications, ...toolConfigurationNotifications].some(
    ({ level }) => level === "error",
  );
}

/** A suppression counts once it is accepted, and so does one that says nothing of that. */
function isSuppressed({ suppressions }: Found): boolean {
  const all = suppressions ?? [];
  return all.length > 0 && all.every(({ status }) => status === undefined || status === "accepted");
}

function toFinding(result: Found, facts: RunFacts): RawFinding {
  const rule = findRule(result, facts);
  const location = result.locations[0];
  const region = location?.physicalLocation?.region;
  const snippet = region?.snippet?.text;
  const symbol = location?.logicalLocations?.[0]?.fullyQualifiedName;
  const ownFingerprint = readOwnFingerprint(result);
  const id = result.ruleId ?? result.rule?.id ?? rule?.id ?? "";
  return {
    tool: facts.tool,
    rule: id,
    level: readLevel(result, rule),
    path: readPath(location?.physicalLocation?.artifactLocation, facts),
    line: readLine(region?.startLine),
    message: result.message.text ?? result.message.markdown ?? rule?.shortDescription?.text ?? id,
    ...(snippet === undefined ? {} : { snippet }),
    ...(symbol === undefined ? {} : { symbol: symbol.slice(0, 200) }),
    ...(ownFingerprint === undefined ? {} : { ownFingerprint }),
  };
}

function findRule({ ruleId, ruleIndex, rule }: Found, { rules, ruleById }: RunFacts): Rule | undefined {
  const id = ruleId ?? rule?.id;
  const index = ruleIndex ?? rule?.index ?? -1;
  // A result may name a part of a rule, `rule/part`.
  return (
    rules[index] ??
    (id === undefined ? undefined : (ruleById.get(id) ?? ruleById.get(id.split("/")[0] ?? "")))
  );
}

function readLevel({ kind, level }: Found, rule: Rule | undefined): FindingLevel {
  if (OPEN_KINDS.has(kind)) return level === "error" ? "error" : "warning";
  if (level !== undefined) return LEVELS[level];
  return kind === "fail" ? LEVELS[rule?.defaultConfiguration?.level ?? "warning"] : "note";
}

function readPath(location: z.infer<typeof Artifact> | undefined, facts: RunFacts): string | null {
  const uri = location?.uri ?? findListedUri(location?.index, facts);
  return uri === undefined ? null : cleanPath(decode(uri), facts.options) || null;
}

function findListedUri(index: number | undefined, { artifacts }: RunFacts): string | undefined {
  const listed = ListedArtifact.safeParse(artifacts[index ?? -1]);
  return listed.success ? listed.data.location.uri : undefined;
}

function decode(uri: string): string {
  if (/^file:/iu.test(uri)) return uri;
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}

function readOwnFingerprint({ partialFingerprints }: Found): string | undefined {
  if (typeof partialFingerprints !== "object" || partialFingerprints === null) return undefined;
  const entries = Object.entries(partialFingerprints).filter(([, value]) => typeof value === "string");
  const chosen = entries.find(([name]) => name.startsWith(LINE_HASH));
  const parts = chosen === undefined ? entries.toSorted(([a], [b]) => (a < b ? -1 : 1)) : [chosen];
  return parts.length === 0 ? undefined : parts.map(([name, value]) => `${name}=${value}`).join(" ");
}
