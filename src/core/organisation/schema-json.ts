import { entitle, type JsonSchema, schemaToJson } from "../config/schema-json.ts";
import { writtenOrganisation } from "./written-organisation.ts";

export function organisationSchemaJson(): JsonSchema {
  return entitle("Orchestrator configuration of an organisation", schemaToJson(writtenOrganisation));
}
