import { z } from "zod";
import { writtenConfig } from "./written-config.ts";

/** The part of JSON Schema that our schemas use. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** JSON Schema of a written form; draft 7 is what the YAML support of editors understands best. */
export function schemaToJson(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: "input", target: "draft-7" }) as JsonSchema;
}

export function configSchemaJson(): JsonSchema {
  return entitle("Orchestrator configuration", schemaToJson(writtenConfig));
}

export function entitle(title: string, { $schema, ...rest }: JsonSchema): JsonSchema {
  return { ...($schema === undefined ? {} : { $schema }), title, ...rest };
}
