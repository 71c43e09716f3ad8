import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { configSchemaJson, type JsonSchema } from "../../../src/core/config/schema-json.ts";
import { explainConfigMessage } from "../../../src/core/messages/commands/explain-config.ts";
import { viewRepository } from "../../../src/core/plan/repository/repository-view.ts";
import { buildRepository } from "../../support/build-snapshot.ts";

const complete = readFileSync(
  new URL("../../../fixtures/configs/good/complete.yml", import.meta.url),
  "utf8",
);

function explain(configText: string): string {
  return explainConfigMessage(viewRepository(buildRepository({ configText })));
}

describe("explainConfigMessage", () => {
  it.each([
    ["gates.people.verify", "true"],
    ["gates.owners", "true"],
    ["gates.integrity.evaluation", '["evaluation/**","**/holdout/**"]'],
    ["gates.metrics[1].maxWorsePercent", "5"],
    ["ceilings[1].autonomy", "suggest"],
    ["windows[0].lasts", "62 h"],
    ["critics.timeout", "30 min"],
    ["critics.accept[0].max", "0"],
    ["breaker.pause", "10 min"],
    ["kinds.handbook.documentation", "true"],
  ])("shows %s and the line that sets it", (key, value) => {
    const rows = explain(complete).matchAll(/^\| `(?<key>.+)` \| `(?<shown>.+)` \| line (?<line>\d+) \|$/gmu);
    const row = rows.find(({ groups }) => groups?.key === key)?.groups;

    expect(row?.shown).toBe(value);
    expect(complete.split("\n")[Number(row?.line) - 1]).toContain(`${lastKeyOf(key)}:`);
  });

  it("shows every key that a file can have", () => {
    const message = explain(complete);
    const missing = keysIn(configSchemaJson()).filter(
      (key) => key !== "version" && !new RegExp(`[\`.]${key}[\`.[]`, "u").test(message),
    );

    expect(missing).toEqual([]);
  });

  it("shows what holds without being written, and where nothing does", () => {
    const message = explain("version: 1");

    expect(message).toContain("| `breaker.pause` | `10 min` | default |");
    expect(message).toContain("| `gates.people.approvals` | `0` | default |");
    expect(message).toContain("| `windows` | `[]` | default |");
    expect(message).not.toContain("`critics");
  });
});

function lastKeyOf(key: string): string {
  return key.split(".").at(-1) ?? "";
}

/** The keys of a schema that have a value of their own, and those of every schema in it. */
function keysIn({ properties = {}, items, additionalProperties }: JsonSchema): readonly string[] {
  const values = typeof additionalProperties === "object" ? [additionalProperties] : [];
  const inner = [...Object.values(properties), ...(items === undefined ? [] : [items]), ...values];
  return [...Object.keys(properties), ...inner.flatMap(keysIn)];
}
