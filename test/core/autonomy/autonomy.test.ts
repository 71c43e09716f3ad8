import { describe, expect, it } from "vitest";
import { allows, autonomies, lowest } from "../../../src/core/autonomy/autonomy.ts";

describe("autonomy", () => {
  it("allows what needs the same level or a lower one, and nothing above", () => {
    const allowed = autonomies.map((have) => autonomies.filter((need) => allows(have, need)).length);

    expect(allowed).toEqual([1, 2, 3, 4, 5, 6]);
    expect(allows("merge", "merge-with-approval")).toBe(true);
    expect(allows("merge-with-approval", "merge")).toBe(false);
  });

  it("takes the strictest of several ceilings, in whatever order they come", () => {
    expect(lowest("deploy", "observe", "merge")).toBe("observe");
    expect(lowest("suggest", "deploy")).toBe("suggest");
    expect(lowest("deploy")).toBe("deploy");
  });
});
