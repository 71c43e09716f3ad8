import { describe, expect, it } from "vitest";
import { showBoth } from "../../../src/core/messages/config/show-both.ts";

describe("two values in a table", () => {
  it("are whole where they fit", () => {
    expect(showBoth("a, b", "a, b, c", 10)).toEqual(["a, b", "a, b, c"]);
  });

  it("show what differs of lists that would be cut before it", () => {
    expect(showBoth("docs/**, src/**", "docs/**, src/**, **/Dockerfile", 10)).toEqual([
      "…",
      "…, **/Dockerfile",
    ]);
    expect(showBoth("docs/**, src/**", "docs/**", 10)).toEqual(["…, src/**", "docs/**"]);
  });

  it("are left to be cut where they have nothing in common", () => {
    expect(showBoth("a long sentence, written", "another one, longer", 10)).toEqual([
      "a long sentence, written",
      "another one, longer",
    ]);
  });
});
