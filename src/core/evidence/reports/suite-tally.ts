import { ReportRefusal } from "./limits.ts";
import type { XmlTag } from "./walk-xml.ts";

/** What a suite of JUnit says of itself, and what its cases and those of the suites in it show. */
export interface SuiteTally {
  readonly suite: string;
  readonly declared: { readonly failures: number; readonly tests: number; readonly skipped: number };
  /** Each `failure`, `error` and retry, and each attribute that says the same. */
  failures: number;
  /** Each case, and each further try of one. */
  tests: number;
  skipped: number;
  /** Whether its `tests` may stand for assertions or parts of tests, which are not listed. */
  countsMore: boolean;
}

/** pytest counts subtests, which it does not list; this is what it calls its suites. */
const PYTEST = /^pytest(?: tests)?$/u;

/** Begins to count for a suite; what is true of the suite around it is true of it. */
export function openTally(tag: XmlTag, suite: string, around: SuiteTally | undefined): SuiteTally {
  const count = (name: string) => readCount(tag.attribute(name));
  return {
    suite,
    declared: {
      failures: count("failures") + count("errors"),
      tests: count("tests"),
      skipped: count("skipped") + count("disabled"),
    },
    failures: 0,
    tests: 0,
    skipped: 0,
    countsMore: around?.countsMore === true || PYTEST.test(tag.attribute("name") ?? ""),
  };
}

/**
 * A suite may not have more failures and errors than it shows, and not more tests than it lists. Marks are counted and not cases,
 * since pytest and Catch2 count both that a case may have, and Gradle every try of it; a suite that holds others may count theirs
 * or not. Skipped tests may be counted and left out, as behave does.
 */
export function refuseHidden(tallies: readonly SuiteTally[]): void {
  for (const { suite, declared, ...shown } of tallies) {
    const where = suite === "" ? "" : ` in ${suite.slice(0, 100)}`;
    if (declared.failures > shown.failures && shown.failures === 0) {
      throw new ReportRefusal("says that tests failed, yet lists none that did");
    }
    if (declared.failures > shown.failures) {
      throw new ReportRefusal(
        `says that there are ${declared.failures} failures and errors${where}, yet lists ${shown.failures}`,
      );
    }
    const unlisted = declared.tests - shown.tests - Math.max(0, declared.skipped - shown.skipped);
    if (unlisted > 0 && !shown.countsMore) {
      throw new ReportRefusal(
        `says that there are ${declared.tests} tests${where}, yet lists ${shown.tests}`,
      );
    }
  }
}

function readCount(written: string | undefined): number {
  const count = Number(written ?? 0);
  return Number.isFinite(count) && count > 0 ? count : 0;
}
