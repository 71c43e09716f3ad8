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
    ["tsc after npm's banner", "tsc", "> shop@1.0.0 build\n> tsc --noEmit\n", true],
    ["tsc that begins to watch", "tsc", "[10:02:03 AM] Starting compilation in watch mode...\n", true],
    ["tsc that has watched", "tsc", "[10:02:03 AM] Found 0 errors. Watching for file changes.\n", false],
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
    expect(readFindings(format, text).sources).toMatchObject([{ path: "", results: 0, isSilent }]);
  });

  it("of tsc is refused where its lines are somebody else's", () => {
    expect(readReport("tsc", "Errors: 5\n")).toMatchObject({ ok: false });
  });

  const DIAGNOSTIC = "src/a.ts(1,1): error TS2322: no number\n";
  it.each([
    [
      "Node without memory",
      "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
    ],
    ["a shell", "Killed"],
    ["a shell that names the line", "bash: line 1:  1234 Killed                  npx tsc"],
    ["an error of the compiler", "RangeError: Maximum call stack size exceeded"],
    ["a failure of the compiler", "Error: Debug Failure. False expression."],
    ["Go", "panic: runtime error: invalid memory address"],
    ["npm", "npm error signal SIGKILL"],
    ["pnpm", " ELIFECYCLE  Command failed with exit code 134."],
  ])("of tsc is refused where it did not come to its end, as %s says", (_name, line) => {
    const why = "The tsc report says that tsc did not come to its end.";
    expect(readReport("tsc", `${DIAGNOSTIC}${line}\n`)).toEqual({ ok: false, why });
    expect(readReport("tsc", `${line}\nFiles: 83\n`)).toEqual({ ok: false, why });
  });

  it.each([
    ["npm says that tsc failed", "npm ERR! code ELIFECYCLE\nnpm ERR! errno 2"],
    ["yarn says so", "error Command failed with exit code 2."],
    ["source is quoted", '1 throw new Error("exit code 134"); // Killed\n  ~~~~~'],
    ["the message goes on", "  RangeError: is not assignable to type 'Error'."],
  ])("of tsc is taken where %s", (_name, line) => {
    expect(readFindings("tsc", `${DIAGNOSTIC}${line}\n`).findings).toHaveLength(1);
  });

  it.each(["npm ERR! code 1\n", "> tsc --noEmit\nsh: 1: tsc: not found\n"])(
    "of tsc is refused where only others speak: %j",
    (text) => {
      expect(readReport("tsc", text)).toMatchObject({ ok: false });
    },
  );

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
