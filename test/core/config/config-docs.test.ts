import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { EXAMPLE_PATH, generateConfigFiles } from "../../../scripts/generate-config-docs.ts";
import { parseConfig } from "../../../src/core/config/parse-config.ts";
import { configSchemaJson, type JsonSchema, schemaToJson } from "../../../src/core/config/schema-json.ts";
import { writtenRoadmap } from "../../../src/core/roadmap/written-roadmap.ts";
import { readYaml } from "../../../src/core/yaml/read-yaml.ts";

function readProjectFile(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
}

const example = readProjectFile(EXAMPLE_PATH);

describe("what is generated from the schema", () => {
  it.each(generateConfigFiles(example))(
    "$path is up to date (node scripts/generate-config-docs.ts)",
    (file) => {
      expect(readProjectFile(file.path)).toBe(file.text);
    },
  );

  it("is an example in the docs that passes without a warning and shows every key", () => {
    const block = /```yaml\n([\s\S]*?)```/.exec(readProjectFile("docs/configuration.md"))?.[1] ?? "";
    const keys = Object.values(propertiesIn(configSchemaJson())).flatMap((properties) =>
      Object.keys(properties),
    );

    expect(parseConfig(block)).toMatchObject({ ok: true, warnings: [] });
    expect(keys.filter((key) => !new RegExp(`\\b${key}:`).test(block))).toEqual([]);
  });

  it.each([
    ["configuration", configSchemaJson()],
    ["roadmap", schemaToJson(writtenRoadmap)],
  ])("has a description for every key of the %s", (_, schema) => {
    const undescribed = propertiesIn(schema).flatMap((properties) =>
      Object.entries(properties).filter(([, { description = "" }]) => !description.endsWith(".")),
    );

    expect(undescribed).toEqual([]);
  });

  it("is a JSON Schema that agrees with the parser about files", () => {
    const validate = new Ajv({ strict: false }).compile(configSchemaJson());
    const accepts = (text: string) => {
      const document = readYaml(text);
      return document.ok && validate(JSON.parse(JSON.stringify(document.value)));
    };

    expect(accepts(example)).toBe(true);
    expect(accepts("version: 1")).toBe(true);
    expect(accepts("version: 1\nlimts: {}")).toBe(false);
    expect(accepts("version: 1\nautonomy: full")).toBe(false);
    expect(accepts("version: 1\nroles: { bugfix: { workflow: ../x.yml } }")).toBe(false);
    expect(accepts("mode: active")).toBe(false);
  });
});

/** The properties of a schema and of every schema in it. */
function propertiesIn(schema: JsonSchema): readonly Readonly<Record<string, JsonSchema>>[] {
  const { properties = {}, items, additionalProperties } = schema;
  const values = typeof additionalProperties === "object" ? [additionalProperties] : [];
  const inner = [...Object.values(properties), ...(items === undefined ? [] : [items]), ...values];
  return [properties, ...inner.flatMap(propertiesIn)];
}
