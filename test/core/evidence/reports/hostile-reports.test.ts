import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { REPORT_FORMATS, readReport } from "../../../../src/core/evidence/reports/read-report.ts";
import { BOMBS, LARGE } from "./hostile-texts.ts";

const FIXTURES = join(import.meta.dirname, "../../../../fixtures/reports");

function whyNot(format: string, text: string): string {
  const reading = readReport(format, text);
  return reading.ok ? "it was read" : reading.why;
}

describe("hostile reports", () => {
  it.each(BOMBS)("F074 refuses %s in %s, with the reason", (_, format, make, why) => {
    expect(whyNot(format, make())).toMatch(why);
  });

  it.each(LARGE)("reads %s in %s", (_, format, make) => {
    expect(whyNot(format, make())).toBe("it was read");
  });

  it.each([
    '<!DOCTYPE a [<!ENTITY b "c">]><testsuite/>',
    '<?xml version="1.0"?><!-- a --><!DOCTYPE testsuite SYSTEM "http://127.0.0.1/x.dtd"><testsuite/>',
    '<?a?>\n<!-- <b> --><!ENTITY a "b"><testsuite/>',
  ])("refuses the declaration in %s", (text) => {
    expect(whyNot("junit", text)).toBe(
      "The junit report declares a document type or entities, which is not taken.",
    );
  });

  it("reads the entities of XML and numbers, also of terminal codes", () => {
    const text = '<testsuite><testcase name="&lt;&#65;&#x42;&gt; &#27;[31mred\u0001"/></testsuite>';

    const reading = readReport("junit", text);

    expect(reading).toMatchObject({ report: { cases: [{ name: "<AB> red" }] } });
  });

  it.each([
    "",
    "   ",
    "not a report",
    "<testsuite>",
    '<testsuite><testcase name="a"></testsuite>',
    "<testsuite></testsuites>",
    "<testsuite/><testsuite/>",
    "<testsuite/>more",
    "<testsuite><![CDATA[open</testsuite>",
    "<testsuite><!-- open</testsuite>",
    '<testsuite name="a',
    '<testsuite name="a" name="b"/>',
    '<testsuite name="&lol;"/>',
    '<testsuite name="&#x110000;"/>',
    "<testsuite><!DOCTYPE a></testsuite>",
    '<testsuite><!ENTITY a "b"></testsuite>',
    "<testsuite/><!DOCTYPE a>",
    "<?a?><!-- open",
  ])("refuses XML that is cut or broken: %j", (text) => {
    expect(whyNot("junit", text)).toMatch(/is not XML, or ends before its end/);
  });

  it("refuses XML that is no test report", () => {
    expect(whyNot("junit", "<html><body/></html>")).toMatch(/its root is neither testsuites nor testsuite/);
  });

  it.each(["vitest-json", "jest-json", "eslint-json", "biome-json", "sarif", "coverage-summary", "metrics"])(
    "refuses %s that is cut",
    (format) => {
      expect(whyNot(format, '[{"a":"b')).toMatch(/is not JSON, or ends before its end/);
    },
  );

  it.each(REPORT_FORMATS.map(({ format }) => format).filter((format) => format !== "tsc"))(
    "refuses what real tools write as %s when its end is missing, wherever it was cut",
    (format) => {
      const directory = join(FIXTURES, format);
      for (const name of readdirSync(directory).filter((one) => !one.endsWith(".read.txt"))) {
        const whole = readFileSync(join(directory, name), "utf8").trimEnd();
        for (let part = 0; part < 50; part += 1) {
          const cut = whole.slice(0, Math.floor((whole.length * part) / 50));
          expect(whyNot(format, cut), `${name}, ${cut.length} characters`).toMatch(
            /^The \S+ report (?:is not|declares)/u,
          );
        }
      }
    },
  );

  it.each(REPORT_FORMATS.map(({ format }) => format))("refuses %s that is not UTF-8", (format) => {
    expect(whyNot(format, "[\0]\0")).toMatch(/NUL characters/);
    expect(whyNot(format, "\ufffd\ufffd[]")).toMatch(/does not begin with UTF-8/);
  });

  it("reads a report behind a byte order mark", () => {
    expect(whyNot("eslint-json", "\ufeff[]")).toBe("it was read");
    expect(whyNot("junit", '\ufeff<?xml version="1.0"?><testsuite/>')).toBe("it was read");
  });

  it("refuses a format that it does not know", () => {
    expect(whyNot("constructor", "[]")).toBe("The report has a format that is not known.");
  });

  it("takes a file called __proto__ for a file", () => {
    const counts = '{"total":4,"covered":3}';
    const all = `{"lines":${counts},"branches":${counts},"functions":${counts},"statements":${counts}}`;

    const reading = readReport("coverage-summary", `{"total":${all},"__proto__":${all}}`);

    expect(reading.ok && reading.report.kind === "coverage" && Object.keys(reading.report.files)).toEqual([
      "__proto__",
    ]);
    expect(Object.hasOwn(Object.prototype, "lines")).toBe(false);
  });

  it("takes no field from __proto__", () => {
    expect(whyNot("jest-json", '{"__proto__":{"testResults":[]}}')).toMatch(/testResults/);
    expect(whyNot("junit", '<testsuite><testcase __proto__="a" name="b"/></testsuite>')).toBe("it was read");
  });

  it.each([
    ['{"total":"NaN","covered":0}', /total\.lines\.total/],
    ['{"total":1,"covered":2}', /more is covered than there is/],
    ['{"total":-1,"covered":-2}', /total\.lines/],
    ['{"total":1e308,"covered":1}', /total\.lines/],
    ['{"total":1.5,"covered":1}', /total\.lines/],
  ])("refuses the coverage %s", (lines, why) => {
    const good = '{"total":1,"covered":1}';
    const text = `{"total":{"lines":${lines},"branches":${good},"functions":${good},"statements":${good}}}`;

    expect(whyNot("coverage-summary", text)).toMatch(why);
  });

  it.each(["NaN", "-1", "1e999", "Infinity", "", "soon"])("has no duration for the time %j", (time) => {
    const reading = readReport("junit", `<testsuite><testcase name="a" time="${time}"/></testsuite>`);

    expect(reading).toMatchObject({ report: { cases: [{ durationMs: null }] } });
  });

  it.each(["NaN", -1, 1e300, null, 1.5])("has no line for the line %j", (line) => {
    const text = JSON.stringify([{ filePath: "a.js", messages: [{ severity: 1, message: "b", line }] }]);

    expect(readReport("eslint-json", text)).toMatchObject({ report: { findings: [{ line: null }] } });
  });

  it.each([
    ["NaN", "null"],
    ["-Infinity", "null"],
    [Number.POSITIVE_INFINITY, "null"],
    [null, "null"],
    [-0.5, "-0.5"],
  ])("reads the metric %j as %s", (value, read) => {
    const written = typeof value === "number" && !Number.isFinite(value) ? "1e999" : JSON.stringify(value);
    const reading = readReport("metrics", `{"metrics":[{"name":"a","value":${written}}]}`);

    expect(reading).toEqual({
      ok: true,
      report: { kind: "metrics", samples: [{ name: "a", value: JSON.parse(read), labels: {} }] },
    });
  });

  it.each([
    ["[]", /the document: /],
    ['{"metrics":{}}', /metrics: /],
    ['{"metrics":[],"extra":1}', /Unrecognized key: "extra"/],
    ['{"metrics":[1]}', /metrics\.0: /],
    ['{"metrics":[{"name":"a"}]}', /metrics\.0\.value: must be a number/],
    ['{"metrics":[{"name":"a","value":"0.9"}]}', /metrics\.0\.value: must be a number, or null, "NaN"/],
    ['{"metrics":[{"name":"a","value":true}]}', /metrics\.0\.value: must be a number/],
    ['{"metrics":[{"name":"","value":1}]}', /metrics\.0\.name: /],
    [`{"metrics":[{"name":"${"a".repeat(101)}","value":1}]}`, /metrics\.0\.name: Too big/],
    ['{"metrics":[{"name":"a","value":1,"unit":"s"}]}', /Unrecognized key: "unit"/],
    ['{"metrics":[{"name":"a","value":1,"labels":["x"]}]}', /metrics\.0\.labels: /],
    ['{"metrics":[{"name":"a","value":1,"labels":{"b":1}}]}', /metrics\.0\.labels\.b: /],
    ['{"metrics":[{"name":"a","value":NaN}]}', /is not JSON/],
  ])("refuses the metrics %s", (text, why) => {
    expect(whyNot("metrics", text)).toMatch(why);
  });

  it("never throws, whatever is done to a report", () => {
    const seeds = [
      '<testsuites><testsuite name="a"><testcase name="b" time="1"><failure message="c">d</failure></testcase></testsuite></testsuites>',
      '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"results":[{"ruleId":"a","message":{"text":"b"}}]}]}',
      '[{"filePath":"a","messages":[{"ruleId":"b","severity":2,"message":"c","line":1}]}]',
      '{"testResults":[{"name":"a","assertionResults":[{"status":"passed","title":"b"}]}]}',
      '{"metrics":[{"name":"r2","value":0.9,"labels":{"tenant":"t01"}}]}',
      "src/a.ts(1,2): error TS1: b\nFound 1 error in src/a.ts:1\n",
    ];
    const mutation = fc.record({
      seed: fc.constantFrom(...seeds),
      at: fc.nat(120),
      cut: fc.nat(12),
      put: fc.oneof(
        fc.string({ maxLength: 6 }),
        fc.constantFrom("<", ">", "]]>", '"', "{", "]", "\\", "&#0;", "\u001b["),
      ),
    });

    fc.assert(
      fc.property(mutation, ({ seed, at, cut, put }) => {
        const text = seed.slice(0, at) + put + seed.slice(at + cut);
        for (const { read } of REPORT_FORMATS) expect(typeof read(text).ok).toBe("boolean");
      }),
      { numRuns: 500 },
    );
  });
});

describe("reports that contradict themselves", () => {
  it.each([
    [
      "junit",
      '<testsuite failures="2"><testcase name="a"/></testsuite>',
      /says that tests failed, yet lists none/,
    ],
    ["vitest-json", '{"success":false,"testResults":[]}', /says that tests failed, yet lists none/],
    [
      "vitest-json",
      '{"numTotalTests":9,"testResults":[{"name":"a","assertionResults":[{"status":"passed"}]}]}',
      /there were 9 tests, yet lists 1/,
    ],
    [
      "vitest-json",
      '{"testResults":[{"name":"a","assertionResults":[{"status":"fine"}]}]}',
      /unknown status/,
    ],
    ["tsc", "src/a.ts(1,2): error TS1: b\nFound 7 errors in 3 files.\n", /were 7 errors, yet lists 1/],
    ["tsc", "sh: tsc: not found\n", /is not the output of tsc/],
    [
      "biome-json",
      '{"summary":{"errors":0,"diagnosticsNotPrinted":12},"diagnostics":[]}',
      /leaves out 12 findings: run Biome with --max-diagnostics=none/,
    ],
    ["biome-json", '{"summary":{"errors":3},"diagnostics":[]}', /were 3 errors, yet lists 0/],
    ["sarif", '{"version":"2.1.0","runs":[]}', /has no run/],
    ["sarif", '{"version":"2.0.0","runs":[]}', /version/],
    ["sarif", '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}}}]}', /no list of results/],
    [
      "sarif",
      '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"results":[],"invocations":[{"executionSuccessful":false}]}]}',
      /the tool did not succeed/,
    ],
  ])("refuses %s: %s", (format, text, why) => {
    expect(whyNot(format, text)).toMatch(why);
  });

  it("refuses coverage whose files do not add up to its total", () => {
    const counts = (covered: number) => {
      const count = { total: 10, covered };
      return { lines: count, branches: count, functions: count, statements: count };
    };

    const why = whyNot("coverage-summary", JSON.stringify({ total: counts(10), "src/a.js": counts(1) }));

    expect(why).toBe(
      "The coverage-summary report says that 10 of 10 lines are covered, but its files add up to 1 of 10.",
    );
  });
});
