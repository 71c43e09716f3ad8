import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import {
  generateOrganisationFiles,
  ORGANISATION_EXAMPLE_PATH,
} from "../../../scripts/generate-organisation-docs.ts";
import { parseOrganisation } from "../../../src/core/organisation/parse-organisation.ts";
import { organisationSchemaJson } from "../../../src/core/organisation/schema-json.ts";
import { readYaml } from "../../../src/core/yaml/read-yaml.ts";

function readProjectFile(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
}

const example = readProjectFile(ORGANISATION_EXAMPLE_PATH);

describe("what is generated from the schema of an owner's file", () => {
  it.each(generateOrganisationFiles(example))("$path is up to date (npm run docs)", (file) => {
    expect(readProjectFile(file.path)).toBe(file.text);
  });

  it("is an example in the docs that is valid", () => {
    const block = /```yaml\n([\s\S]*?)```/.exec(readProjectFile("docs/organisation.md"))?.[1] ?? "";

    expect(parseOrganisation(block)).toMatchObject({ ok: true });
  });

  it("is a JSON Schema that agrees with the parser about files", () => {
    const validate = new Ajv({ strict: false }).compile(organisationSchemaJson());
    const accepts = (text: string) => {
      const document = readYaml(text);
      return document.ok && validate(JSON.parse(JSON.stringify(document.value)));
    };

    expect(accepts(example)).toBe(true);
    expect(accepts("version: 1")).toBe(true);
    expect(accepts("version: 1\nmode: active")).toBe(false);
    expect(accepts("version: 1\ngates: { owners: false }")).toBe(false);
    expect(accepts("version: 1\nrepositories: { a: { governed: true } }")).toBe(false);
  });
});
