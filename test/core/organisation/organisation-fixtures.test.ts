import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseOrganisation } from "../../../src/core/organisation/parse-organisation.ts";
import { renderProblem } from "../../../src/core/yaml/problem.ts";

const FIXTURES = new URL("../../../fixtures/organisations/", import.meta.url);

describe("fixtures/organisations: a file dropped in is a case", () => {
  it.each(namesIn("good"))("good/%s.yml is accepted", (name) => {
    expect(problemsOf(`good/${name}.yml`)).toEqual([]);
  });

  it.each(namesIn("bad"))("bad/%s.yml is refused with exactly the problems beside it", (name) => {
    const problems = problemsOf(`bad/${name}.yml`);

    expect(problems).toEqual(read(`bad/${name}.problems.txt`).trimEnd().split("\n"));
    expect(problems.length).toBeGreaterThan(0);
  });
});

function problemsOf(file: string): readonly string[] {
  const parsed = parseOrganisation(read(file));
  return parsed.ok ? [] : parsed.problems.map(renderProblem);
}

function namesIn(folder: string): readonly string[] {
  const files = readdirSync(new URL(`${folder}/`, FIXTURES));
  return files.filter((file) => file.endsWith(".yml")).map((file) => file.slice(0, -4));
}

function read(file: string): string {
  const url = new URL(file, FIXTURES);
  return existsSync(url) ? readFileSync(url, "utf8") : "";
}
