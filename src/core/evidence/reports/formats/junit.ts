import { buildTestReport, type RawCase, readDuration } from "../build-test-report.ts";
import { cleanPath } from "../clean-path.ts";
import { capCount, REPORT_LIMITS, ReportRefusal } from "../limits.ts";
import type { ReadOptions, TestOutcome, TestReport } from "../report.ts";
import { walkXml, type XmlTag } from "../walk-xml.ts";

/** A case that is being read: what its children say is still to come. */
type OpenCase = { -readonly [key in keyof RawCase]: RawCase[key] };

interface Frame {
  readonly tag: string;
  readonly suite: string;
  readonly file: string | undefined;
  readonly found: OpenCase | undefined;
}

interface Reader {
  readonly options: ReadOptions;
  readonly frames: Frame[];
  readonly cases: OpenCase[];
  /** Paths by how they are written: most cases name the file of the case before. */
  readonly paths: Map<string, string | null>;
  declaredFailures: number;
}

const OUTSIDE: Frame = { tag: "", suite: "", file: undefined, found: undefined };
const SUITES: ReadonlySet<string> = new Set(["testsuites", "testsuite"]);
/** What a child of a case makes of it; of several, the first row wins. */
const CHILD_OUTCOMES: readonly (readonly [string, TestOutcome])[] = [
  ["failure", "failed"],
  ["error", "failed"],
  ["flakyFailure", "flaky"],
  ["flakyError", "flaky"],
  ["rerunFailure", "flaky"],
  ["rerunError", "flaky"],
  ["skipped", "skipped"],
];
const OUTCOME_BY_CHILD: ReadonlyMap<string, TestOutcome> = new Map(CHILD_OUTCOMES);
/** GoogleTest and some others say it in an attribute. */
const OUTCOME_BY_STATUS: ReadonlyMap<string, TestOutcome> = new Map([
  ["notrun", "skipped"],
  ["disabled", "skipped"],
  ["skipped", "skipped"],
  ["suppressed", "skipped"],
  ["failed", "failed"],
  ["error", "failed"],
]);
const RANK: Readonly<Record<TestOutcome, number>> = { failed: 0, flaky: 1, skipped: 2, passed: 3 };
const TEXT_TAGS: ReadonlySet<string> = new Set([...OUTCOME_BY_CHILD.keys(), "stackTrace"]);
const EXTENSION = /\.[A-Za-z]{1,5}$/u;

/** Reads JUnit's XML in the dialects of Surefire, Gradle, pytest, gotestsum, jest-junit, vitest and GoogleTest. */
export function readJunit(text: string, options: ReadOptions = {}): TestReport {
  const reader: Reader = { options, frames: [], cases: [], paths: new Map(), declaredFailures: 0 };
  walkXml(text, {
    onTag: (tag) => openTag(reader, tag),
    onText: (parent, text) => takeText(reader, parent, text),
  });
  const isDenied = reader.declaredFailures > 0 && reader.cases.every(({ outcome }) => !isTrouble(outcome));
  if (isDenied) throw new ReportRefusal("says that tests failed, yet lists none that did");
  return buildTestReport(reader.cases);
}

function isTrouble(outcome: TestOutcome): boolean {
  return outcome === "failed" || outcome === "flaky";
}

function openTag(reader: Reader, tag: XmlTag): void {
  const { frames } = reader;
  frames.length = tag.depth - 1;
  const parent = frames.at(-1) ?? OUTSIDE;
  if (tag.depth === 1 && !SUITES.has(tag.name)) {
    throw new ReportRefusal("is XML, but its root is neither testsuites nor testsuite");
  }
  if (SUITES.has(tag.name)) frames.push(openSuite(reader, tag, parent));
  else if (tag.name === "testcase" && SUITES.has(parent.tag)) frames.push(openCase(reader, tag, parent));
  else frames.push(openOther(reader, tag, parent));
}

function openSuite(reader: Reader, tag: XmlTag, parent: Frame): Frame {
  reader.declaredFailures += readCount(tag.attribute("failures")) + readCount(tag.attribute("errors"));
  const name = tag.name === "testsuite" ? (tag.attribute("name") ?? "") : "";
  const suite = [parent.suite, name].filter((part) => part !== "").join(" › ");
  const file = tag.attribute("file") ?? (isFileName(name) ? name : parent.file);
  return { tag: tag.name, suite: suite.slice(0, 1000), file, found: undefined };
}

function openCase(reader: Reader, tag: XmlTag, parent: Frame): Frame {
  const group = tag.attribute("classname") || tag.attribute("class") || parent.suite;
  const file = tag.attribute("file") ?? (isFileName(group) ? group : parent.file);
  const found = addCase(reader, { name: joinName(group, tag.attribute("name") ?? "", file), file });
  const time = tag.attribute("time");
  const status = tag.attribute("status") ?? "";
  const result = tag.attribute("result") ?? "";
  found.durationMs = time === undefined || time.trim() === "" ? null : readDuration(toSeconds(time) * 1000);
  found.outcome = OUTCOME_BY_STATUS.get(status) ?? OUTCOME_BY_STATUS.get(result) ?? "passed";
  return { tag: tag.name, suite: parent.suite, file: parent.file, found };
}

/** A failure of a whole suite, such as one while it is set up, is a failed case of its own. */
function openOther(reader: Reader, tag: XmlTag, parent: Frame): Frame {
  const outcome = OUTCOME_BY_CHILD.get(tag.name);
  const isOfSuite = SUITES.has(parent.tag) && outcome === "failed";
  const found = isOfSuite
    ? addCase(reader, { name: `${parent.suite} (the suite itself)`, file: parent.file })
    : parent.found;
  const isChild = isOfSuite || parent.tag === "testcase";
  if (isChild && found !== undefined && outcome !== undefined) settle(found, outcome, tag);
  return { tag: tag.name, suite: parent.suite, file: parent.file, found };
}

function settle(found: OpenCase, outcome: TestOutcome, tag: XmlTag): void {
  if (RANK[outcome] > RANK[found.outcome]) return;
  const isWorse = RANK[outcome] < RANK[found.outcome];
  found.outcome = outcome;
  if (isWorse || found.message === "") found.message = tag.attribute("message")?.trim() ?? "";
}

function takeText(reader: Reader, parent: string, text: string): void {
  const found = reader.frames.at(-1)?.found;
  const isWanted = found !== undefined && found.message === "" && TEXT_TAGS.has(parent);
  if (isWanted) found.message = text.trim().slice(0, 2000);
}

function addCase(reader: Reader, { name, file }: { name: string; file: string | undefined }): OpenCase {
  const found: OpenCase = {
    name,
    file: findPath(reader, file),
    outcome: "passed",
    message: "",
    durationMs: null,
  };
  reader.cases.push(found);
  capCount(reader.cases.length, REPORT_LIMITS.cases, "test cases");
  return found;
}

function findPath({ paths, options }: Reader, file: string | undefined): string | null {
  if (file === undefined) return null;
  const known = paths.get(file);
  if (known !== undefined) return known;
  const path = cleanPath(file, options) || null;
  paths.set(file, path);
  return path;
}

function joinName(group: string, name: string, file: string | undefined): string {
  if (group === "" || group === file || name === group || name.startsWith(`${group} `)) return name;
  return name === "" ? group : `${group} › ${name}`;
}

/** A suite or class that is named after its file, as in JavaScript. */
function isFileName(name: string): boolean {
  return /[/\\]/u.test(name) && EXTENSION.test(name.slice(-6));
}

/** Surefire writes thousands with commas. */
function toSeconds(time: string): number {
  return Number(time.replaceAll(",", ""));
}

function readCount(written: string | undefined): number {
  const count = Number(written ?? 0);
  return Number.isFinite(count) && count > 0 ? count : 0;
}
