import { buildTestReport, type RawCase, readDuration } from "../build-test-report.ts";
import { cleanPath } from "../clean-path.ts";
import { capCount, REPORT_LIMITS, ReportRefusal } from "../limits.ts";
import type { ReadOptions, TestOutcome, TestReport } from "../report.ts";
import { openTally, refuseHidden, type SuiteTally } from "../suite-tally.ts";
import { walkXml, type XmlTag } from "../walk-xml.ts";

/** A case that is being read: what its children say is still to come. */
type OpenCase = { -readonly [key in keyof RawCase]: RawCase[key] };

interface Frame {
  readonly tag: string;
  readonly suite: string;
  readonly file: string | undefined;
  readonly found: OpenCase | undefined;
  /** Of a suite only. */
  readonly tally: SuiteTally | undefined;
}

interface Reader {
  readonly options: ReadOptions;
  readonly frames: Frame[];
  readonly cases: OpenCase[];
  /** Paths by how they are written: most cases name the file of the case before. */
  readonly paths: Map<string, string | null>;
  readonly tallies: SuiteTally[];
  /** Cases with a word that nobody knows, until a child says how they ended. */
  readonly unclear: Map<OpenCase, string>;
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
/** What producers write in `status` or `result`, in small letters; any other word leaves open how the case ended. */
const OUTCOME_BY_WORD: ReadonlyMap<string, TestOutcome> = new Map([
  ...spell("passed", "passed pass success successful succeeded ok run completed"),
  // trx2junit says 1 of what passed.
  ...spell("passed", "1"),
  ...spell("failed", "failed fail failure error broken timeout timedout"),
  ...spell("skipped", "skipped skip notrun disabled suppressed ignored pending todo untested inconclusive"),
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
    unclear: new Map(),
    counted: undefined,
  };
  walkXml(text, {
    onTag: (tag) => openTag(reader, tag),
    onText: (parent, text) => takeText(reader, parent, text),
  });
  refuseHidden(reader.tallies);
  const [unclear] = reader.unclear.values();
  if (unclear !== undefined) {
    throw new ReportRefusal(`has a test case that ended in a word that is not known: ${unclear}`);
  }
  return buildTestReport(reader.cases);
}

function spell(outcome: TestOutcome, words: string): readonly (readonly [string, TestOutcome])[] {
  return words.split(" ").map((word) => [word, outcome]);
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
  const tally = openTally(tag, suite, parent.tally);
  reader.tallies.push(tally);
  return { tag: tag.name, suite, file, found: undefined, tally };
}

function openCase(reader: Reader, tag: XmlTag, parent: Frame): Frame {
  const group = tag.attribute("classname") || tag.attribute("class") || parent.suite;
  const file = tag.attribute("file") ?? (isFileName(group) ? group : parent.file);
  const found = addCase(reader, { name: joinName(group, tag.attribute("name") ?? "", file), file });
  const time = tag.attribute("time");
  found.durationMs = time === undefined || time.trim() === "" ? null : readDuration(toSeconds(time) * 1000);
  count(reader, "tests");
  readWords(reader, tag, found);
  return { tag: tag.name, suite: parent.suite, file: parent.file, found, tally: undefined };
}

function readWords(reader: Reader, tag: XmlTag, found: OpenCase): void {
  const words = [tag.attribute("status"), tag.attribute("result")].flatMap((written) => {
    const word = written?.trim().toLowerCase() ?? "";
    return word === "" ? [] : [word];
  });
  for (const word of words) {
    const outcome = OUTCOME_BY_WORD.get(word);
    if (outcome === undefined) reader.unclear.set(found, word.slice(0, 40));
    else if (RANK[outcome] < RANK[found.outcome]) found.outcome = outcome;
  }
  // Catch2 and doctest, which say no more than that, count assertions.
  if (words.length === 1 && words[0] === "run") markCountsMore(reader);
  if (found.outcome === "skipped") count(reader, "skipped");
  if (found.outcome === "failed") {
    count(reader, "failures");
    reader.counted = found;
  }
}

/** A failure of a whole suite, such as one while it is set up, is a failed case of its own. */
function openOther(reader: Reader, tag: XmlTag, parent: Frame): Frame {
  const outcome = OUTCOME_BY_CHILD.get(tag.name);
  const isOfSuite = SUITES.has(parent.tag) && outcome === "failed";
  if (isOfSuite) count(reader, "tests");
  const found = isOfSuite
    ? addCase(reader, { name: `${parent.suite} (the suite itself)`, file: parent.file })
    : parent.found;
  const isChild = isOfSuite || parent.tag === "testcase";
  if (isChild && found !== undefined && outcome !== undefined) {
    countChild(reader, found, outcome);
    settle(found, outcome, tag);
  }
  return { tag: tag.name, suite: parent.suite, file: parent.file, found, tally: undefined };
}

function countChild(reader: Reader, found: OpenCase, outcome: TestOutcome): void {
  if (outcome !== "flaky") reader.unclear.delete(found);
  else count(reader, "tests");
  if (outcome === "skipped") {
    if (found.outcome === "passed") count(reader, "skipped");
    return;
  }
  if (reader.counted !== found) count(reader, "failures");
  reader.counted = undefined;
}

/** For the suite that is open, and for those around it. */
function count({ frames }: Reader, what: "failures" | "tests" | "skipped"): void {
  for (const { tally } of frames) if (tally !== undefined) tally[what] += 1;
}

function markCountsMore({ frames }: Reader): void {
  for (const { tally } of frames) if (tally !== undefined) tally.countsMore = true;
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
