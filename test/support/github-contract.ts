import { readFileSync } from "node:fs";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import formats from "ajv-formats";

/** Judges traffic against GitHub's own API description; an empty list means nothing is wrong. */
export interface GithubContract {
  request(method: string, path: string, body: unknown): string[];
  response(method: string, path: string, status: number, body: unknown): string[];
  webhook(event: string, payload: unknown): string[];
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

interface Reference {
  readonly $ref?: string;
}

interface Parameter extends Reference {
  readonly name?: string;
  readonly "x-multi-segment"?: boolean;
}

interface Body extends Reference {
  readonly required?: boolean;
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Body>>;
}

interface Spec {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly "x-webhooks": Readonly<Record<string, { readonly post: Operation }>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly operation: Operation;
  readonly literalSegments: number;
  readonly segments: number;
}

/** Everything the branches of one schema allow at one place of a value. */
interface Shape {
  readonly fields: Map<string, Schema[]>;
  readonly items: Schema[];
  readonly otherFields: Schema[];
  isOpen: boolean;
}

interface Judge {
  validate(key: string, schema: Schema, value: unknown): string[];
  validateClosed(key: string, schema: Schema, value: unknown): string[];
}

const SPEC_URL = new URL("../../fixtures/github-contract/api.github.com.json", import.meta.url);
const SCHEMA_ID = "github.json";
const MAX_PROBLEMS = 30;
const MAX_COMPOSITION_DEPTH = 12;
const DATA_KEYWORDS = new Set(["enum", "default", "required"]);
const DROPPED_KEYWORDS = new Set([
  ...["nullable", "discriminator", "xml", "externalDocs", "deprecated", "readOnly", "writeOnly"],
  ...["title", "description", "example", "examples"],
]);
const UNCHECKED_FORMATS = ["int64", "int32", "double", "binary", "repo.nwo", "timestamp", "uri-template"];
/** A status GitHub's description leaves out still has one of GitHub's two error shapes. */
const ANY_ERROR: Schema = {
  anyOf: [{ $ref: "#/components/schemas/basic-error" }, { $ref: "#/components/schemas/validation-error" }],
};
const BODILESS_STATUSES = new Set([204, 205, 304]);

let cached: GithubContract | undefined;

/** Reads the contract once per process; schemas are compiled when first needed. */
export function loadContract(): GithubContract {
  cached ??= createContract(JSON.parse(readFileSync(SPEC_URL, "utf8")));
  return cached;
}

function createContract(spec: Spec): GithubContract {
  const judge = createJudge(spec);
  const routes = listRoutes(spec);
  return {
    request: (method, path, body) => {
      const operation = findOperation(routes, method, path);
      return operation ? judgeRequest(judge, operation, body) : [`no operation ${method} ${path}`];
    },
    response: (method, path, status, body) => {
      const operation = findOperation(routes, method, path);
      if (!operation) return [`no operation ${method} ${path}`];
      const documented = operation.responses[status];
      const answer = documented && resolve(spec, documented);
      return judgeResponse(judge, { operation, status, body, answer });
    },
    webhook: (event, payload) => {
      const key = findWebhookKey(spec, event, payload);
      const schema = spec["x-webhooks"][key ?? ""]?.post.requestBody?.content?.["application/json"]?.schema;
      if (!schema) return [`no webhook ${event}/${actionOf(payload) ?? "(no action)"}`];
      return judge.validateClosed(`webhook ${key}`, schema, payload);
    },
  };
}

function judgeRequest(judge: Judge, operation: Operation, body: unknown): string[] {
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  if (!schema) return [];
  if (body === undefined) return operation.requestBody?.required ? ["missing body"] : [];
  return judge.validate(`request ${operation.operationId}`, schema, body);
}

interface Answered {
  readonly operation: Operation;
  readonly status: number;
  readonly body: unknown;
  readonly answer: Body | undefined;
}

function judgeResponse(judge: Judge, { operation, status, body, answer }: Answered): string[] {
  if (!answer) {
    if (status < 400) return [`status ${status} is not documented for ${operation.operationId}`];
    return judge.validateClosed("any error", ANY_ERROR, body);
  }
  if (BODILESS_STATUSES.has(status)) return isEmptyBody(body) ? [] : [`status ${status} must have no body`];
  const schema = answer.content?.["application/json"]?.schema;
  return schema ? judge.validateClosed(`response ${operation.operationId} ${status}`, schema, body) : [];
}

function isEmptyBody(body: unknown): boolean {
  return body === undefined || body === null || body === "";
}

function actionOf(payload: unknown): string | undefined {
  if (typeof payload !== "object" || payload === null || !("action" in payload)) return undefined;
  return typeof payload.action === "string" ? payload.action : undefined;
}

function findWebhookKey(spec: Spec, event: string, payload: unknown): string | undefined {
  const action = actionOf(payload);
  const name = event.replaceAll("_", "-");
  // The action of a repository_dispatch is whatever its sender chose; GitHub describes one sample of it.
  const sample = Object.keys(spec["x-webhooks"]).find((key) => key.startsWith(`${name}-sample.`));
  const candidates = [action && `${name}-${action.replaceAll("_", "-")}`, name, sample];
  return candidates.find((key) => key && Object.hasOwn(spec["x-webhooks"], key));
}

function listRoutes(spec: Spec): readonly Route[] {
  const routes = Object.entries(spec.paths).flatMap(([template, operations]) =>
    Object.entries(operations).map(([method, operation]) =>
      createRoute(spec, { template, method, operation }),
    ),
  );
  return routes.sort((a, b) => b.literalSegments - a.literalSegments || b.segments - a.segments);
}

function createRoute(
  spec: Spec,
  { template, method, operation }: { template: string; method: string; operation: Operation },
): Route {
  const parameters = (operation.parameters ?? []).map((parameter) => resolve(spec, parameter));
  const manySegments = new Set(
    parameters.filter((parameter) => parameter["x-multi-segment"]).map((parameter) => parameter.name),
  );
  const source = template
    .replace(/[.*+?^$()|[\]\\]/g, "\\$&")
    .replace(/\{([^}]+)\}/g, (_, name: string) => (manySegments.has(name) ? "(?:.+?)" : "[^/]+"));
  const segments = template.split("/");
  return {
    method,
    pattern: new RegExp(`^${source}$`),
    operation,
    literalSegments: segments.filter((segment) => !segment.includes("{")).length,
    segments: segments.length,
  };
}

function findOperation(routes: readonly Route[], method: string, path: string): Operation | undefined {
  const pathname = path.split(/[?#]/, 1)[0] ?? "";
  const wanted = method.toLowerCase();
  return routes.find((route) => route.method === wanted && route.pattern.test(pathname))?.operation;
}

function resolve<T extends Reference>(spec: Spec, node: T): T {
  let found: T = node;
  while (found.$ref) {
    // The description is a tree of plain JSON, so a reference can only be followed untyped.
    let target: unknown = spec;
    for (const key of found.$ref.split("/").slice(1)) target = (target as Record<string, unknown>)[key];
    found = target as T;
  }
  return found;
}

function createJudge(spec: Spec): Judge {
  const ajv = createAjv(spec);
  const compiled = new Map<string, ValidateFunction>();

  function validate(key: string, schema: Schema, value: unknown): string[] {
    const check = compiled.get(key) ?? ajv.compile(pointIntoDocument(toJsonSchema(schema)));
    compiled.set(key, check);
    return check(value) ? [] : (check.errors ?? []).slice(0, MAX_PROBLEMS).map(describe);
  }

  function validateClosed(key: string, schema: Schema, value: unknown): string[] {
    const unknownFields = listUnknownFields(spec, [schema], value).slice(0, MAX_PROBLEMS);
    return [...validate(key, schema, value), ...unknownFields.map((at) => `unknown field ${at}`)];
  }

  return { validate, validateClosed };
}

function createAjv(spec: Spec): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false, inlineRefs: false });
  formats.default(ajv, ["date-time", "date"]);
  // GitHub sends "" for an unset homepage or e-mail, and addresses such as "dependabot[bot]@…".
  ajv.addFormat("uri", (text: string) => text === "" || /^[a-z][a-z0-9+.-]*:/i.test(text));
  ajv.addFormat("email", (text: string) => text === "" || /^[^\s@]*@[^\s@]*$/.test(text));
  for (const format of UNCHECKED_FORMATS) ajv.addFormat(format, true);
  ajv.addSchema({
    $id: SCHEMA_ID,
    components: { schemas: mapValues(spec.components.schemas, toJsonSchema) },
  });
  return ajv;
}

function describe(error: ErrorObject): string {
  return `${error.instancePath || "/"} ${error.message} ${JSON.stringify(error.params)}`;
}

type JsonObject = Record<string, unknown>;

function pointIntoDocument(schema: unknown): JsonObject {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', `"${SCHEMA_ID}#/components/`));
}

/** OpenAPI 3.0 says "nullable" where JSON Schema says type null; the rest is the same language. */
function toJsonSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(toJsonSchema);
  if (!isObject(schema)) return schema;
  const converted: JsonObject = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (DROPPED_KEYWORDS.has(keyword) || keyword.startsWith("x-")) continue;
    // Two nullable alternatives both match null, which a literal oneOf would refuse.
    converted[keyword === "oneOf" ? "anyOf" : keyword] = convertKeyword(keyword, value);
  }
  return schema.nullable === true ? allowNull(converted) : converted;
}

function convertKeyword(keyword: string, value: unknown): unknown {
  if (DATA_KEYWORDS.has(keyword)) return value;
  return keyword === "properties" && isObject(value) ? mapValues(value, toJsonSchema) : toJsonSchema(value);
}

function allowNull(schema: JsonObject): JsonObject {
  if (typeof schema.type !== "string") return { anyOf: [schema, { type: "null" }] };
  const choices = schema.enum;
  return {
    ...schema,
    type: [schema.type, "null"],
    ...(Array.isArray(choices) && { enum: [...new Set([...choices, null])] }),
  };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapValues<T>(record: Readonly<Record<string, T>>, convert: (value: T) => unknown): JsonObject {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, convert(value)]));
}

/** Paths of the fields that no branch of the schemas names. */
function listUnknownFields(spec: Spec, schemas: readonly Schema[], value: unknown, at = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  const shape = createShape(spec, schemas);
  if (Array.isArray(value)) {
    if (shape.items.length === 0) return [];
    return value.flatMap((item, index) => listUnknownFields(spec, shape.items, item, `${at}/${index}`));
  }
  return Object.entries(value).flatMap(([name, inner]) => {
    const path = `${at}/${name}`;
    const allowed = shape.fields.get(name) ?? (shape.otherFields.length > 0 ? shape.otherFields : undefined);
    if (allowed) return listUnknownFields(spec, allowed, inner, path);
    return shape.isOpen || shape.fields.size === 0 ? [] : [path];
  });
}

function createShape(spec: Spec, schemas: readonly Schema[]): Shape {
  const shape: Shape = { fields: new Map(), items: [], otherFields: [], isOpen: false };
  for (const schema of schemas) addToShape(spec, shape, { schema, depth: 0 });
  return shape;
}

function addToShape(spec: Spec, shape: Shape, { schema, depth }: { schema: Schema; depth: number }): void {
  if (depth > MAX_COMPOSITION_DEPTH) return;
  const resolved = resolve(spec, schema);
  for (const [name, field] of Object.entries(resolved.properties ?? {})) {
    shape.fields.set(name, [...(shape.fields.get(name) ?? []), field]);
  }
  if (resolved.items) shape.items.push(resolved.items);
  if (typeof resolved.additionalProperties === "object")
    shape.otherFields.push(resolved.additionalProperties);
  if (resolved.additionalProperties === true || isFreeForm(resolved)) shape.isOpen = true;
  for (const branch of listBranches(resolved)) addToShape(spec, shape, { schema: branch, depth: depth + 1 });
}

function listBranches(schema: Schema): readonly Schema[] {
  return [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
}

function isFreeForm(schema: Schema): boolean {
  const mayBeObject = schema.type === undefined || schema.type === "object";
  const saysMore = schema.properties ?? schema.additionalProperties ?? listBranches(schema)[0];
  return mayBeObject && saysMore === undefined;
}
