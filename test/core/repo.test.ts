import { describe, expect, it } from "vitest";
import { hasPermission, type Permission } from "../../src/core/repo.ts";

const ORDER: readonly Permission[] = ["none", "read", "triage", "write", "maintain", "admin"];

describe("hasPermission", () => {
  it("gives everybody what is below and nobody what is above", () => {
    for (const [have, own] of ORDER.entries())
      for (const [need, other] of ORDER.entries())
        expect(hasPermission(own, other), `${own} for ${other}`).toBe(have >= need);
  });

  it("gives nothing for a role that it does not know, nor to one", () => {
    const unknown = ["owner", "", "Write", "constructor"].map((name) => name as Permission);
    for (const name of unknown) {
      expect(hasPermission(name, "none")).toBe(false);
      expect(hasPermission("admin", name)).toBe(false);
    }
  });
});
