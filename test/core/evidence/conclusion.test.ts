import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readConclusion } from "../../../src/core/evidence/conclusion.ts";

describe("readConclusion", () => {
  it.each([
    ["success", "evidence"],
    ["failure", "failed"],
    ["timed_out", "failed"],
    ["cancelled", "failed"],
    ["stale", "failed"],
    ["startup_failure", "blocked"],
    ["action_required", "blocked"],
    ["neutral", "blocked"],
    ["skipped", "blocked"],
    ["", "blocked"],
    ["SUCCESS", "blocked"],
    ["success ", "blocked"],
    ["constructor", "blocked"],
    ["__proto__", "blocked"],
    ["invented_in_2030", "blocked"],
    [null, "blocked"],
  ])("F124 makes of %j: %s", (conclusion, kind) => {
    expect(readConclusion(conclusion).kind).toBe(kind);
  });

  it.each([
    ["failure", "task"],
    ["timed_out", "timeout"],
    ["cancelled", "infra"],
    ["stale", "infra"],
  ])("F128 counts %s as trouble of the class %s", (conclusion, failureClass) => {
    expect(readConclusion(conclusion)).toMatchObject({ failureClass });
  });

  it("takes nothing but success for evidence, and says in a sentence what else there was", () => {
    fc.assert(
      fc.property(fc.option(fc.string()), (conclusion) => {
        const meaning = readConclusion(conclusion);
        expect(meaning.kind === "evidence").toBe(conclusion === "success");
        if (meaning.kind !== "evidence") expect(meaning.message).toMatch(/^[A-Z].*\.$/su);
      }),
    );
    expect(readConclusion("`@octocat`")).toMatchObject({
      message: "The run ended with the unknown conclusion `'@octocat'`, which proves nothing.",
    });
  });
});
