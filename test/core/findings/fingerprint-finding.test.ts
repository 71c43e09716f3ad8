import { describe, expect, it } from "vitest";
import {
  buildFindingsReport,
  mergeFindingsReports,
} from "../../../src/core/evidence/reports/build-findings-report.ts";
import { fingerprintFinding } from "../../../src/core/findings/fingerprint-finding.ts";

const FINDING = { tool: "eslint", rule: "no-shadow", path: "src/a.ts", text: "'x' is already declared" };

describe("fingerprintFinding", () => {
  it.each([
    ["'x' is already declared on line 12 column 3", "'x' is already declared on line 99 column 1"],
    ["declared at (12:3)", "declared at (7:30)"],
    ["declared in src/b.ts:12:3", "declared in src/b.ts:450:13"],
    ["  'x'   is\n declared ", "'x' is declared"],
  ])("is the same for %j and %j", (one, other) => {
    expect(fingerprintFinding({ ...FINDING, text: one })).toBe(
      fingerprintFinding({ ...FINDING, text: other }),
    );
  });

  it.each([
    { ...FINDING, rule: "no-undef" },
    { ...FINDING, path: "src/b.ts" },
    { ...FINDING, tool: "biome" },
    { ...FINDING, text: "'y' is already declared" },
    { ...FINDING, symbol: "run" },
    { ...FINDING, text: "'x' is already declared, 3 of 4 times" },
  ])("differs for $tool $rule $path $text $symbol", (other) => {
    expect(fingerprintFinding(other)).not.toBe(fingerprintFinding(FINDING));
  });

  it("cannot be made equal by what separates its parts", () => {
    const one = fingerprintFinding({ ...FINDING, rule: 'a","b', path: "c" });
    const other = fingerprintFinding({ ...FINDING, rule: "a", path: 'b","c' });

    expect(one).not.toBe(other);
  });

  it("counts equal findings, so that each has its own", () => {
    const raw = { tool: "t", rule: "r", level: "error" as const, path: "a", message: "m" };

    const { findings } = buildFindingsReport([
      { ...raw, line: 1 },
      { ...raw, line: 2 },
      { ...raw, line: 3 },
    ]);

    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(3);
    expect(findings[2]?.fingerprint).toBe('["t","r","a","m"]#3');
  });

  it("stays unique when reports are merged", () => {
    const raw = { tool: "t", rule: "r", level: "note" as const, path: "a", line: 1, message: "m" };
    const report = buildFindingsReport([raw], { suppressed: [{ ...raw, message: "s" }] });

    const merged = mergeFindingsReports([report, report], ["a.json", "b.json"]);

    expect(merged).toMatchObject({
      ok: true,
      report: {
        suppressed: [{ fingerprint: '["t","r","a","s"]' }, { fingerprint: '["t","r","a","s"]#2' }],
        sources: [
          { path: "a.json", results: 2, isSilent: false },
          { path: "b.json", results: 2, isSilent: false },
        ],
        findings: [{ fingerprint: '["t","r","a","m"]' }, { fingerprint: '["t","r","a","m"]#2' }],
      },
    });
  });
});
