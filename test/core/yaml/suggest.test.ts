import { describe, expect, it } from "vitest";
import { suggest } from "../../../src/core/yaml/suggest.ts";

describe("suggest", () => {
  it.each([
    ["limts", "limits"],
    ["Autonomy", "autonomy"],
    ["minutes-per-week", "minutesPerWeek"],
    ["rolse", "roles"],
  ])("takes %s for %s", (word, meant) => {
    expect(suggest(word, ["limits", "autonomy", "minutesPerWeek", "roles"])).toBe(meant);
  });

  it("suggests nothing that is as far away as any other word", () => {
    expect(suggest("banana", ["limits", "roles"])).toBeUndefined();
    expect(suggest("D", ["A", "B"])).toBeUndefined();
    expect(suggest("", ["a"])).toBeUndefined();
  });

  it("takes the closest, and the first of several equally close", () => {
    expect(suggest("tesst", ["tests", "test"])).toBe("test");
    expect(suggest("bat", ["cat", "hat"])).toBe("cat");
  });

  it("does not measure words of a length that nobody mistypes", () => {
    expect(suggest("k".repeat(60_000), ["k".repeat(59_999)])).toBeUndefined();
  });
});
