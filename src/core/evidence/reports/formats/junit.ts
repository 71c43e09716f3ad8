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
  /** Of a suite only. */
  readonly tally: Tally | undefined;
}

/** What a suite says of itself, and what its cases and those of the suites in it show. */
interface Tally {
  readonly suite: string;
  readonly declared: number;
  shown: number;
}

interface Reader {
  readonly options: ReadOptions;
  readonly frames: Frame[];
  readonly cases: OpenCase[];
  /** Paths by how they are written: most cases name the file of the case before. */
  readonly paths: Map<string, string | null>;
  readonly tallies: Tally[];
  /** The case whose attribute has been counted as a failure, so that the first child that says the same is not. */
  counted: OpenCase | undefined;
}

const OUTSIDE: Frame = { tag: "", suite: "", file: undefined, found: undefined, tally: undefined };
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
  const reader: Reader = {
    options,
    frames: [],
    cases: [],
    paths: new Map(),
    tallies: [],
    counted: undefined,
  };
  walkXml(text, {
    onTag: (tag) => openTag(reader, tag),
    onText: (parent, text) => takeText(reader, parent, text),
  });
  refuseHidden(reader.tallies);
  return buildTestReport(reader.cases);
}

/**
 * A suite may not have more failures and errors than it shows. Marks are counted and not cases, since pytest and Catch2 count
 * both that a case may have, and Gradle every try of it; a suite that holds others may count theirs or not.
 */
function refuseHidden(tallies: readonly Tally[]): void {
  const denied = tallies.find(({ declared, shown }) => declared > shown);
  if (denied === undefined) return;
  const { suite, declared, shown } = denied;
  if (shown === 0) throw new ReportRefusal("says that tests failed, yet lists none that did");
  const where = suite === "" ? "" : ` in ${suite.slice(0, 100)}`;
  throw new ReportRefusal(`says that there are ${declared} failures and errors${where}, yet lists ${shown}`);
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
  const name = tag.name === "testsuite" ? (tag.attribute("name") ?? "") : "";
  const suite = [parent.suite, name]
    .filter((part) => part !== "")
    .join(" › ")
    .slice(0, 1000);
  const file = tag.attribute("file") ?? (isFileName(name) ? name : parent.file);
  const declared = readCount(tag.attribute("failures")) + readCount(tag.attribute("errors"));
  const tally = { suite, declared, shown: 0 };
  reader.tallies.push(tally);
  return { tag: tag.name, suite, file, found: undefined, tally };
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
  if (found.outcome === "failed") {
    countMark(reader);
    reader.counted = found;
  }
  return { tag: tag.name, suite: parent.suite, file: parent.file, found, tally: undefined };
}

/** A failure of a whole suite, such as one while it is set up, is a failed case of its own. */
function openOther(reader: Reader, tag: XmlTag, parent: Frame): Frame {
  const outcome = OUTCOME_BY_CHILD.get(tag.name);
  const isOfSuite = SUITES.has(parent.tag) && outcome === "failed";
  const found = isOfSuite
    ? addCase(reader, { name: `${parent.suite} (the suite itself)`, file: parent.file })
    : parent.found;
  const isChild = isOfSuite || parent.tag === "testcase";
  if (isChild && found !== undefined && outcome !== undefined) {
    settle(found, outcome, tag);
    if (outcome !== "skipped") countChild(reader, found);
  }
  return { tag: tag.name, suite: parent.suite, file: parent.file, found, tally: undefined };
}

function countChild(reader: Reader, found: OpenCase): void {
  if (reader.counted !== found) countMark(reader);
  reader.counted = undefined;
}

/** For the suite that is open, and for those around it. */
function countMark({ frames }: Reader): void {
  for (const { tally } of frames) if (tally !== undefined) tally.shown += 1;
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
