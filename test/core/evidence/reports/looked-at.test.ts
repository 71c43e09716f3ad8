import { describe, expect, it } from "vitest";
import { readReport } from "../../../../src/core/evidence/reports/read-report.ts";

function readFindings(format: string, text: string) {
  const reading = readReport(format, text);
  if (!reading.ok || reading.report.kind !== "findings") throw new Error("is no report of findings");
  return reading.report;
}

describe("a report of findings", () => {
  const biome = (summary: object) => JSON.stringify({ summary: { errors: 0, ...summary }, diagnostics: [] });
  it.each([
    ["ESLint of no file", "eslint-json", "[]", true],
    ["ESLint of a file", "eslint-json", '[{"filePath":"a.js","messages":[]}]', false],
    ["tsc without a word", "tsc", " \n", true],
    ["tsc after npm's banner", "tsc", "> shop@1.0.0 build\n> tsc --noEmit\n", false],
    ["tsc in watch mode", "tsc", "Found 0 errors. Watching for file changes.\n", false],
    ["tsc --diagnostics", "tsc", "Files:              83\nMemory used:    64632K\n", false],
    ["tsc --extendedDiagnostics", "tsc", "Strict subtype cache size: 0\nI/O Read time: 0.02s\n", false],
    ["Biome of no file", "biome-json", biome({ changed: 0, unchanged: 0 }), true],
    ["Biome of a file", "biome-json", biome({ changed: 0, unchanged: 1 }), false],
    ["Biome without counts", "biome-json", biome({}), false],
    [
      "SARIF without results",
      "sarif",
      '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"t"}},"results":[]}]}',
      false,
    ],
  ])("says whether anything was looked at: %s", (_name, format, text, isSilent) => {
    expect(readFindings(format, text).sources).toEqual([{ path: "", results: 0, isSilent }]);
  });

  it("of tsc is refused where its lines are somebody else's", () => {
    expect(readReport("tsc", "Errors: 5\n")).toMatchObject({ ok: false });
  });

  it("tells a suppressed result of ESLint the same whatever else is in its file", () => {
    const message = { ruleId: "no-var", severity: 2, message: "no var", line: 1 };
    const file = { filePath: "a.js", messages: [], suppressedMessages: [message] };
    const other = { ...message, line: 2, ruleId: "eqeqeq" };
    const alone = readFindings("eslint-json", JSON.stringify([file]));
    const beside = readFindings(
      "eslint-json",
      JSON.stringify([{ ...file, messages: [other], source: "var a;\na == 1;" }]),
    );

    expect(alone.suppressed.map(({ fingerprint }) => fingerprint)).toEqual([
      '["eslint","no-var","a.js","no var"]',
    ]);
    expect(beside.suppressed).toEqual(alone.suppressed);
  });
});
