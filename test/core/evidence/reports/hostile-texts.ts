import { REPORT_LIMITS } from "../../../../src/core/evidence/reports/limits.ts";

const SIZE = REPORT_LIMITS.chars;

/** A text of the largest size that is taken, of one unit repeated. */
function fill(start: string, unit: string, end = ""): string {
  return start + unit.repeat(Math.floor((SIZE - start.length - end.length) / unit.length)) + end;
}

function many(count: number, make: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => make(index)).join(",");
}

const SARIF_HEAD = '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"results":[';
/** Texts that cost a careless reader far more than their length: what they are, the format, the text, the reason. */
export const BOMBS: readonly (readonly [string, string, () => string, RegExp])[] = [
  ["more text than is taken", "tsc", () => "x".repeat(SIZE + 1), /more than 16777216/],
  ["millions of tags", "junit", () => fill("<testsuite>", "<b/>", "</testsuite>"), /more than 800000 tags/],
  [
    "millions of cases",
    "junit",
    () => fill("<testsuite>", "<testcase/>", "</testsuite>"),
    /100000 test cases/,
  ],
  [
    "more cases than are taken",
    "junit",
    () => `<testsuite>${"<testcase/>".repeat(100_001)}</testsuite>`,
    /more than 100000 test cases/,
  ],
  ["deep tags", "junit", () => fill("", "<testsuite>"), /deeper than 64/],
  [
    "thousands of attributes",
    "junit",
    () => `<testsuite ${many(5000, (n) => `a${n}="1"`).replaceAll(",", " ")}/>`,
    /more than 64 attributes/,
  ],
  [
    "bare attributes",
    "junit",
    () => fill("<testsuite>", `<a ${"b ".repeat(9000)}/>`, "</testsuite>"),
    /not XML/,
  ],
  [
    "millions of attributes",
    "junit",
    () => fill("<testsuite>", "<a b='' c='' d='' e=''/>", "</testsuite>"),
    /800000 tags and attributes/,
  ],
  [
    "a message of entities",
    "junit",
    () => fill('<testsuite><testcase name="a"><failure>', "&lt;", "</failure></testcase></testsuite>"),
    /800000 references/,
  ],
  ["an attribute of entities", "junit", () => fill('<testsuite name="', "&#65;", '"/>'), /800000 references/],
  ["nothing but line ends", "junit", () => fill("<testsuite>", "\r\n", "</testsuite>"), /800000 references/],
  [
    "nothing but control characters",
    "junit",
    () => fill("<testsuite>", "\u0001", "</testsuite>"),
    /800000 references and control characters/,
  ],
  [
    "endless declarations",
    "junit",
    () => fill("<!DOCTYPE a [", "<!ENTITY b 'c'>", "]><testsuite/>"),
    /declares a document type/,
  ],
  ["an unclosed quote again and again", "junit", () => fill("<testsuite>", "<b c='"), /not XML/],
  ["nothing but angle brackets", "junit", () => fill("<testsuite>", "<"), /not XML/],
  ["deep JSON", "sarif", () => fill("", "["), /deeper than 64/],
  ["millions of values", "eslint-json", () => fill("[", "1,", "1]"), /more than 2000000 values/],
  [
    "millions of objects",
    "jest-json",
    () => fill('{"testResults":[', "{},", "{}]}"),
    /more than 2000000 values/,
  ],
  [
    "hundreds of thousands of keys",
    "coverage-summary",
    () => `{${many(700_000, (n) => `"k${n}":0`)}}`,
    /more than 20001 keys/,
  ],
  [
    "a million wrong items",
    "jest-json",
    () =>
      `{"testResults":[{"name":"a","assertionResults":[{"status":"passed","ancestorTitles":[${"0,".repeat(1_000_000)}0]}]}]}`,
    /ancestorTitles: Too big/,
  ],
  [
    "a million wrong places",
    "sarif",
    () => `${SARIF_HEAD}{"locations":[${"0,".repeat(1_000_000)}0]}]}]}`,
    /locations: Too big/,
  ],
  [
    "too many results",
    "sarif",
    () => `${SARIF_HEAD}${many(20_001, () => "{}")}]}]}`,
    /more than 20000 findings/,
  ],
  ["too many diagnostics", "tsc", () => fill("", "error TS1: a\n"), /more than 20000 findings/],
  [
    "too many samples",
    "metrics",
    () => `{"metrics":[${many(100_001, () => '{"name":"a","value":1}')}]}`,
    /more than 100000 samples/,
  ],
  [
    "deep labels",
    "metrics",
    () => fill('{"metrics":[{"name":"a","value":1,"labels":', '{"a":'),
    /deeper than 64/,
  ],
  [
    "thousands of labels",
    "metrics",
    () => `{"metrics":[{"name":"a","value":1,"labels":{${many(20_000, (n) => `"l${n}":""`)}}}]}`,
    /more than 20 labels/,
  ],
  [
    "an endless label",
    "metrics",
    () => fill('{"metrics":[{"name":"a","value":1,"labels":{"a":"', "x", '"}}]}'),
    /labels\.a: Too big/,
  ],
  ["millions of lines", "tsc", () => fill("", "\n"), /more than 500000 lines/],
];

/** Large, but nothing that would be too much: it is read, and costs no more than its length. */
export const LARGE: readonly (readonly [string, string, () => string])[] = [
  [
    "a message of 16 million characters",
    "junit",
    () => fill('<testsuite><testcase name="a"><failure>', "x", "</failure></testcase></testsuite>"),
  ],
  ["an endless attribute", "junit", () => fill('<testsuite name="', "x", '"/>')],
  [
    "thousands of tag names",
    "junit",
    () => `<testsuite>${many(300_000, (n) => `<a${n}/>`).replaceAll(",", "")}</testsuite>`,
  ],
  ["millions of comments", "junit", () => fill("<testsuite>", "<!---->", "</testsuite>")],
  ["millions of CDATA sections", "junit", () => fill("<testsuite>", "<![CDATA[]]>", "</testsuite>")],
  [
    "text between comments",
    "junit",
    () =>
      fill(
        '<testsuite><testcase name="a"><failure/>',
        `${"x".repeat(4000)}<!---->`,
        "</testcase></testsuite>",
      ),
  ],
  [
    "attributes of a processing instruction",
    "junit",
    () =>
      fill(
        '<testsuite><testcase name="a"><failure/>',
        `<?a ${'b="1" '.repeat(1000)}?>`,
        "</testcase></testsuite>",
      ),
  ],
  ["backslashes", "eslint-json", () => fill('[{"filePath":"a","messages":[],"source":"', "\\\\", '"}]')],
  ["escaped quotes", "eslint-json", () => fill('[{"filePath":"a","messages":[],"source":"', '\\"', '"}]')],
];
