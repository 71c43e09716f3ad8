import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { findSecretProblem } from "../../../../src/adapters/github/receive/strong-secret.ts";

describe("findSecretProblem", () => {
  it.each([
    [undefined, "is not set"],
    ["", "is not set"],
    ["   ", "is not set"],
    ["development", "anyone can sign with"],
    [" Development\n", "anyone can sign with"],
    ["correct horse battery staple", "shorter than 32 bytes"],
    [`short${" ".repeat(40)}`, "shorter than 32 bytes"],
    ["a".repeat(64), "fewer than 8 different characters"],
    ["01".repeat(32), "fewer than 8 different characters"],
    ["developmentdevelopmentdevelopment", "repeats one short text"],
    ["0123456789abcdef".repeat(4), "repeats one short text"],
  ])("F001 refuses %j and says: %s", (secret, complaint) => {
    expect(findSecretProblem(secret)).toContain(complaint);
  });

  it("F001 says how to make a fit secret, and never repeats the unfit one", () => {
    const problem = findSecretProblem("hunter2-hunter2");

    expect(problem).toBe("The webhook secret is shorter than 32 bytes; make one with: openssl rand -hex 32");
  });

  it("finds nothing wrong with what the remedy makes", () => {
    const secrets = Array.from({ length: 1_000 }, () => randomBytes(32).toString("hex"));

    expect(secrets.filter(findSecretProblem)).toEqual([]);
  });
});
