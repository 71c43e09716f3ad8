import { describe, expect, it } from "vitest";
import { cleanPath } from "../../../../src/core/evidence/reports/clean-path.ts";

describe("cleanPath", () => {
  it.each([
    ["src/a.ts", "src/a.ts"],
    ["./src//a.ts", "src/a.ts"],
    ["src\\a.ts", "src/a.ts"],
    ["src/b/../a.ts", "src/a.ts"],
    ["../a.ts", "../a.ts"],
    ["/home/runner/work/shop/shop/src/a.ts", "src/a.ts"],
    ["D:\\a\\shop\\shop\\src\\a.ts", "src/a.ts"],
    ["/__w/shop/shop/src/a.ts", "src/a.ts"],
    ["/github/workspace/src/a.ts", "src/a.ts"],
    ["file:///home/runner/work/shop/shop/src/a%20b.ts", "src/a b.ts"],
    ["packages/shop/shop/a.ts", "packages/shop/shop/a.ts"],
    ["/opt/elsewhere/a.ts", "/opt/elsewhere/a.ts"],
  ])("reads %s as %s", (written, path) => {
    expect(cleanPath(written)).toBe(path);
  });

  it("takes a path apart from the root that it is told", () => {
    expect(cleanPath("/opt/checkout/src/a.ts", { root: "/opt/checkout/" })).toBe("src/a.ts");
    expect(cleanPath("C:\\checkout\\src\\a.ts", { root: "C:\\checkout" })).toBe("src/a.ts");
  });
});
