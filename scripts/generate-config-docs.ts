import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { builtInRoles } from "../src/core/config/built-in-roles.ts";
import { configSchemaJson, type JsonSchema, schemaToJson } from "../src/core/config/schema-json.ts";
import { reservedInputs } from "../src/core/config/written-fields.ts";
import { writtenRoadmap } from "../src/core/roadmap/written-roadmap.ts";

export interface GeneratedFile {
  /** From the root of the project. */
  readonly path: string;
  readonly text: string;
}

interface Section {
  readonly name: string;
  readonly intro: string | undefined;
  readonly schema: JsonSchema;
}

interface Row {
  readonly key: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}

export const EXAMPLE_PATH = "fixtures/configs/good/complete.yml";

/** The files that are derived from the schema, as they ought to be. */
export function generateConfigFiles(example: string): readonly GeneratedFile[] {
  return [
    {
      path: "schema/orchestrator.schema.json",
      text: `${JSON.stringify(configSchemaJson(), undefined, 2)}\n`,
    },
    { path: "docs/configuration.md", text: renderConfigDocs(example) },
  ];
}

function renderConfigDocs(example: string): string {
  const roles = Object.entries(builtInRoles).map(
    ([name, { team, branch, backup }]) => `| \`${name}\` | \`${team}\` | \`${branch}\` | \`${backup}\` |`,
  );
  const lines = [
    "<!-- Generated from the schema by scripts/generate-config-docs.ts. Change the schema, not this page. -->",
    "",
    "# Configuration",
    "",
    "The configuration is `.github/orchestrator.yml` on the default branch; what other branches hold has no",
    "effect. Only `version` is needed. A key that does not exist, a value that does not fit, an alias, a tag or a",
    "repeated key makes the whole file invalid, and every problem is named with its line and column. A file has",
    "at most 64 KiB and 20 levels. A scalar is text, a number, `true` or `false`.",
    "",
    "Editors complete and check the file when its first line is `# yaml-language-server: $schema=` followed by the",
    "address of `schema/orchestrator.schema.json`.",
    "",
    "## Keys",
    "",
    ...renderKeys(configSchemaJson()),
    "## Built-in roles",
    "",
    "They exist without being written down, and their workflow is `agent.yml`. What a file says about one of them changes only the keys it names.",
    "",
    "| role | team | branch | backup |",
    "|---|---|---|---|",
    ...roles,
    "",
    "## Inputs of a stage",
    "",
    `Every dispatch carries the inputs ${reservedInputs.map((input) => `\`${input}\``).join(", ")}, so that`,
    "a workflow has to declare them. Values of your own are sent as they are written: `1.10` stays `1.10`.",
    "",
    "## Complete example",
    "",
    "```yaml",
    example.trimEnd(),
    "```",
    "",
    "## Roadmap",
    "",
    "The file that `roadmap` names. It is read by the same strict rules; ids that are unknown or used twice and",
    "dependencies that form a circle make it invalid.",
    "",
    ...renderKeys(schemaToJson(writtenRoadmap)),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

/** The keys of a file: a table for each mapping in it. */
export function renderKeys(schema: JsonSchema): readonly string[] {
  return sectionsOf({ name: "", intro: undefined, schema }).flatMap(renderSection);
}

/** A section and the sections of everything in it that has keys of its own. */
function sectionsOf(section: Section): readonly Section[] {
  const inner = rowsOf(section.schema).flatMap(({ key, schema }): readonly Section[] => {
    const name = section.name === "" ? key : `${section.name}.${key}`;
    const found = findObject(name, schema);
    return found === undefined ? [] : sectionsOf({ ...found, intro: schema.description });
  });
  return [section, ...inner];
}

function findObject(name: string, schema: JsonSchema): { name: string; schema: JsonSchema } | undefined {
  if (schema.properties !== undefined) return { name, schema };
  if (schema.items !== undefined) return findObject(`${name}[]`, schema.items);
  const values = schema.additionalProperties;
  return typeof values === "object" ? findObject(`${name}.<name>`, values) : undefined;
}

function rowsOf({ properties = {}, required = [] }: JsonSchema): readonly Row[] {
  return Object.entries(properties).map(([key, schema]) => ({
    key,
    schema,
    isRequired: required.includes(key),
  }));
}

function renderSection({ name, intro, schema }: Section): readonly string[] {
  const rows = rowsOf(schema).map((row) => {
    const cells = [
      `\`${row.key}\``,
      renderType(row.schema),
      renderDefault(row),
      row.schema.description ?? "",
    ];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  const heading = name === "" ? [] : [`### \`${name}\``, "", ...(intro === undefined ? [] : [intro, ""])];
  return [...heading, "| key | type | default | meaning |", "|---|---|---|---|", ...rows, ""];
}

function renderType(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (schema.anyOf !== undefined) return renderChoice(schema.anyOf);
  if (schema.items !== undefined) return `list of ${renderType(schema.items)}`;
  if (typeof schema.additionalProperties === "object") {
    return `mapping of names to ${renderType(schema.additionalProperties)}`;
  }
  return `${TYPE_NAMES[schema.type ?? ""] ?? schema.type}${renderRange(schema)}`;
}

function renderChoice(choices: readonly JsonSchema[]): string {
  const isScalar = choices.every(({ anyOf, items }) => anyOf === undefined && items === undefined);
  return isScalar ? "scalar" : choices.map(renderType).join(" or ");
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "text",
  integer: "whole number",
  boolean: "`true` or `false`",
  object: "keys below",
};

function renderRange({ type, minimum, maximum }: JsonSchema): string {
  if (type !== "integer" && type !== "number") return "";
  const isBounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  const from = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? "" : ` from ${minimum}`;
  return isBounded ? `${from} to ${maximum}` : from;
}

function renderDefault({ schema, isRequired }: Row): string {
  if (isRequired) return "required";
  if (schema.default === undefined || findObject("", schema) !== undefined) return "";
  if (!Array.isArray(schema.default)) return `\`${JSON.stringify(schema.default).replaceAll('"', "")}\``;
  return schema.default.length === 0 ? "`[]`" : schema.default.map((item) => `\`${item}\``).join(", ");
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("../", import.meta.url));
  for (const { path, text } of generateConfigFiles(readFileSync(root + EXAMPLE_PATH, "utf8"))) {
    writeFileSync(root + path, text);
  }
}
