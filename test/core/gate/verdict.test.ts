import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideVerdict, type GateResult, type VerdictValue } from "../../../src/core/gate/verdict.ts";

const gate = (verdict: VerdictValue): GateResult => ({
  gate: "g",
  verdict,
  message: "",
  seen: "",
  wanted: "",
});
const VALUES = ["PASS", "FAIL", "BLOCKED"] as const;

describe("decideVerdict", () => {
  it.each([
    { gates: [], value: "BLOCKED" },
    { gates: ["PASS"], value: "PASS" },
    { gates: ["PASS", "PASS"], value: "PASS" },
    { gates: ["PASS", "BLOCKED"], value: "BLOCKED" },
    { gates: ["BLOCKED", "FAIL"], value: "FAIL" },
    { gates: ["FAIL", "PASS"], value: "FAIL" },
  ] as const)("makes $value of $gates", ({ gates, value }) => {
    expect(decideVerdict(gates.map(gate)).value).toBe(value);
  });

  it("never passes with a gate that did not, in any order", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...VALUES), { maxLength: 12 }), (values) => {
        const { value, gates } = decideVerdict(values.map(gate));
        expect(gates).toHaveLength(values.length);
        expect(value === "PASS").toBe(values.length > 0 && new Set(values).isSubsetOf(new Set(["PASS"])));
      }),
    );
  });

  it("F124 does not pass with a verdict that it does not know", () => {
    const unknown = ["pass", "Pass", "success", "", null, undefined].map((verdict) => ({
      ...gate("PASS"),
      verdict,
    }));
    for (const result of unknown) {
      // What a store or another version wrote is not checked by the compiler.
      const { value } = decideVerdict([gate("PASS"), result as unknown as GateResult]);
      expect(value).toBe("BLOCKED");
    }
  });
});
