import { describe, expect, it } from "vitest";
import { linkGate } from "../../../src/core/gate/rules/link.ts";
import { buildGates, buildSubject, say } from "./build-subject.ts";

const { people } = buildGates();
const LINKED = { gates: { people: { ...people, linkedIssue: true } }, work: null };

describe("linkGate", () => {
  it.each([
    [[12], "PASS: The text closes #12."],
    [[12, 3], "PASS: The text closes #12, #3."],
    [[1, 2, 3, 4, 5, 6, 7], "PASS: The text closes #1, #2, #3, #4, #5 and 2 more."],
    [[], "FAIL: The text closes no issue of this repository."],
    [undefined, "BLOCKED: Which issues the text closes was not read."],
  ])("with %j says: %s", (closes, said) => {
    const pull = closes === undefined ? {} : { closes };
    expect(say(linkGate, { ...LINKED, pull })).toBe(said);
  });

  it("says how to name an issue", () => {
    expect(linkGate.evaluate(buildSubject({ ...LINKED, pull: { closes: [] } }))).toMatchObject({
      howToFix: "Write `Closes #12`, with the number of its issue, into the text of the pull request.",
    });
  });

  it("is asked about people's pull requests, where that is switched on", () => {
    const asked = (overrides: Parameters<typeof buildSubject>[0]) =>
      linkGate.appliesTo?.(buildSubject(overrides));
    expect(asked(LINKED)).toBe(true);
    expect(asked({ work: null })).toBe(false);
    expect(asked({ gates: LINKED.gates })).toBe(false);
    expect(asked({ ...LINKED, queued: { pull: 1, verdict: "PASS" } })).toBe(false);
  });
});
