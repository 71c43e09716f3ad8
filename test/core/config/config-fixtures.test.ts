import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/core/config/parse-config.ts";
import { type Problem, renderProblem } from "../../../src/core/yaml/problem.ts";

const FIXTURES = new URL("../../../fixtures/configs/", import.meta.url);

describe("fixtures/configs: a file dropped in is a case", () => {
  it.each(namesIn("good"))("good/%s.yml is accepted with exactly the warnings beside it", (name) => {
    const parsed = parseConfig(read(`good/${name}.yml`));

    expect(parsed.ok ? parsed.warnings.map(renderProblem) : parsed.problems).toEqual(
      listed(`good/${name}.warnings.txt`),
    );
    expect(parsed.ok).toBe(true);
  });

  it.each(namesIn("bad"))("F164 bad/%s.yml is refused with exactly the problems beside it", (name) => {
    const parsed = parseConfig(read(`bad/${name}.yml`));
    const problems: readonly Problem[] = parsed.ok ? [] : parsed.problems;

    expect(problems.map(renderProblem)).toEqual(listed(`bad/${name}.problems.txt`));
    expect(problems.length).toBeGreaterThan(0);
  });
});

function namesIn(folder: string): readonly string[] {
  const files = readdirSync(new URL(`${folder}/`, FIXTURES));
  return files.filter((file) => file.endsWith(".yml")).map((file) => file.slice(0, -4));
}

function read(file: string): string {
  return readFileSync(new URL(file, FIXTURES), "utf8");
}

function listed(file: string): readonly string[] {
  return existsSync(new URL(file, FIXTURES)) ? read(file).trimEnd().split("\n") : [];
}
