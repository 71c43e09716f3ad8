import { describe, expect, it } from "vitest";
import { readReport } from "../../../../src/core/evidence/reports/read-report.ts";

const RESULT = { ruleId: "R", level: "error", message: { text: "bad" } };

function read(run: object) {
  const runs = [{ tool: { driver: { name: "scanner" } }, results: [], ...run }];
  return readReport("sarif", JSON.stringify({ version: "2.1.0", runs }));
}

describe("a run of SARIF", () => {
  const error = [{ level: "error", message: { text: "out of memory" } }];
  it.each([
    ["did not succeed", { executionSuccessful: false }, []],
    ["did not succeed, though it exits with 0", { executionSuccessful: false, exitCode: 0 }, [RESULT]],
    ["exits with 1 and found nothing", { exitCode: 1 }, []],
    ["exits with 2", { exitCode: 2 }, [RESULT]],
  ])("is refused where the tool %s", (_name, invocation, results) => {
    const why = "The sarif report says that the tool did not succeed, at runs.0.";
    expect(read({ invocations: [invocation], results })).toEqual({ ok: false, why });
  });

  it.each(["toolExecutionNotifications", "toolConfigurationNotifications"])(
    "is refused where %s tell of an error",
    (key) => {
      const why =
        "The sarif report says that the tool met errors and may not have looked at everything, at runs.0.";
      expect(read({ invocations: [{ executionSuccessful: true, [key]: error }] })).toEqual({
        ok: false,
        why,
      });
    },
  );

  it.each([
    ["succeeded and exits with what it found", { executionSuccessful: true, exitCode: 2 }, []],
    ["exits with 1 because it found something", { exitCode: 1 }, [RESULT]],
    ["exits with 0", { exitCode: 0 }, []],
    ["warns", { executionSuccessful: true, toolExecutionNotifications: [{ level: "warning" }, {}] }, []],
  ])("is taken where the tool %s", (_name, invocation, results) => {
    expect(read({ invocations: [invocation], results })).toMatchObject({ ok: true });
  });

  it.each([
    [{ kind: "open" }, "warning"],
    [{ kind: "review", level: "none" }, "warning"],
    [{ kind: "review", level: "error" }, "error"],
    [{ kind: "informational", level: "none" }, "note"],
  ])("has a result %o as %s", (result, level) => {
    expect(read({ results: [{ ...RESULT, level: undefined, ...result }] })).toMatchObject({
      report: { findings: [{ level }] },
    });
  });

  it("is named once by its tool", () => {
    const run = { tool: { driver: { name: "scanner" } }, results: [] };
    const text = JSON.stringify({ version: "2.1.0", runs: [run, run] });
    expect(readReport("sarif", text)).toMatchObject({ report: { sources: [{ tools: ["scanner"] }] } });
  });
});
