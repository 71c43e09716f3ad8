import { describe, expect, it } from "vitest";
import { REASONS, type ReasonCode, reason } from "../../src/core/reasons.ts";

const CODES = Object.keys(REASONS).filter((code): code is ReasonCode => code in REASONS);

describe("REASONS", () => {
  it.each(CODES)("%s says what it means in a sentence, and who lifts it", (code) => {
    const { meaning, liftedBy } = REASONS[code];
    expect(code).toMatch(/^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/u);
    expect(meaning).toMatch(/^[A-Z].{8,}\.$/u);
    expect(liftedBy).toMatch(/^(?:[a-z`]|GitHub)[^\n]*(?<!\.)$/u);
  });

  it("gives no two codes the same meaning", () => {
    const meanings = CODES.map((code) => REASONS[code].meaning);
    expect(new Set(meanings).size).toBe(CODES.length);
  });
});

describe("reason", () => {
  it("takes who lifts it from the table, and has no deadline of its own", () => {
    expect(reason("task.held", "The task is on hold.")).toEqual({
      code: "task.held",
      message: "The task is on hold.",
      liftedBy: "`/orchestrate unhold`",
      deadline: null,
    });
  });

  it("prefers what the caller knows", () => {
    const more = { liftedBy: "the completion of #4", deadline: 5 };
    expect(reason("dependency.open", "#4 is not done yet.", more)).toMatchObject(more);
    expect(reason("retry.later", "Later.", { deadline: 0 }).deadline).toBe(0);
  });
});
