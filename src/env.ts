import { z } from "zod";
import { findSecretProblem } from "./adapters/github/receive/strong-secret.ts";
import { VARIABLES } from "./environment-variables.ts";
import { readKey } from "./read-key.ts";
import { StopVariable } from "./read-stop.ts";

/** The part of the environment that is enough to open the database. */
export interface StoreEnvironment {
  /** Without it the database is embedded under `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
}

/** What the server has to know before it starts; every value is checked. */
export interface Environment extends StoreEnvironment {
  readonly appId: number;
  /** PEM with real line breaks. */
  readonly privateKey: string;
  /** Two while one replaces the other. */
  readonly webhookSecrets: readonly string[];
  /** Without a closing slash. */
  readonly apiUrl: string;
  /** 0 asks for any free one. */
  readonly port: number;
  readonly host: string;
  readonly part: ServerPart;
  readonly logLevel: LogLevel;
  /** What this process does not touch: `all`, accounts, repositories; in lower case. */
  readonly stopped?: readonly string[] | undefined;
  /** Without it there is no `/metrics`. */
  readonly metricsToken: string | undefined;
  /** Without it there is no `/operator`. */
  readonly operatorToken: string | undefined;
}

/** `process.env`, or what stands for it. */
export type Variables = Readonly<Record<string, string | undefined>>;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** What of the server a process is: the front door only receives, the worker only works on what was received. */
export type ServerPart = (typeof SERVER_PARTS)[number];

type Checked<Value> =
  | { readonly ok: true; readonly env: Value }
  | { readonly ok: false; readonly problems: string[] };

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
const SERVER_PARTS = ["all", "front-door", "worker"] as const;
const PORT_PHRASE = "must be a number from 0 to 65535";

const storeSchema = z.object({
  DATABASE_URL: z
    .string()
    .refine(isPostgresUrl, {
      error: "must be an address such as postgres://user:password@host:5432/orchestrator, or be left out",
    })
    .optional(),
  DATA_DIR: z.string().prefault(defaultOf("DATA_DIR")),
});

const serverSchema = storeSchema.extend({
  APP_ID: text(/^[1-9]\d{0,14}$/, "must be the number of the app, its App ID on its settings page").transform(
    Number,
  ),
  WEBHOOK_SECRET: z.string().prefault("").transform(splitSecrets),
  GITHUB_API_URL: z
    .string()
    .prefault(defaultOf("GITHUB_API_URL"))
    .refine(isBaseUrl, { error: "must be an http or https address without user name, query and fragment" })
    .transform((url) => url.replace(/\/+$/, "")),
  PORT: text(/^\d{1,5}$/, PORT_PHRASE)
    .prefault(defaultOf("PORT"))
    .transform(Number)
    .refine((port) => port <= 65_535, { error: PORT_PHRASE }),
  HOST: text(/^[A-Za-z0-9.:_-]+$/, "must be an address to listen on, such as 127.0.0.1 or 0.0.0.0").prefault(
    defaultOf("HOST"),
  ),
  PROCESS: z
    .string()
    .prefault(defaultOf("PROCESS"))
    .pipe(z.enum(SERVER_PARTS, { error: `must be one of ${SERVER_PARTS.join(", ")}` })),
  STOP: StopVariable.optional(),
  LOG_LEVEL: z
    .string()
    .prefault(defaultOf("LOG_LEVEL"))
    .pipe(z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(", ")}` })),
  METRICS_TOKEN: token().optional(),
  OPERATOR_TOKEN: token().optional(),
  WEBHOOK_PROXY_URL: refused(
    "must not be set: a webhook proxy sees every delivery and can forge its own; let GitHub reach this server directly",
  ),
  REDIS_URL: refused(
    "must not be set: Probot would install a Redis client while it runs; replicas share PostgreSQL by DATABASE_URL instead",
  ),
});

/** Checks the whole environment at once; a problem names its variable and what to do, and never repeats a secret. */
export function readEnv(variables: Variables, readFile?: (path: string) => string): Checked<Environment> {
  const set = dropEmpty(variables);
  const parsed = serverSchema.safeParse(set);
  const key = readKey(set, readFile);
  const problems = [
    ...describeError(parsed.error),
    ...findHalfProblems(set),
    ...(key.ok ? [] : [key.problem]),
  ];
  if (!parsed.success || !key.ok || problems.length > 0) return { ok: false, problems };
  const { data } = parsed;
  return {
    ok: true,
    env: {
      appId: data.APP_ID,
      privateKey: key.pem,
      webhookSecrets: data.WEBHOOK_SECRET,
      apiUrl: data.GITHUB_API_URL,
      port: data.PORT,
      host: data.HOST,
      databaseUrl: data.DATABASE_URL,
      dataDir: data.DATA_DIR,
      part: data.PROCESS,
      stopped: data.STOP,
      logLevel: data.LOG_LEVEL,
      metricsToken: data.METRICS_TOKEN,
      operatorToken: data.OPERATOR_TOKEN,
    },
  };
}

/** Checks only what opens the database, so that its upkeep needs no key of the app. */
export function readStoreEnv(variables: Variables): Checked<StoreEnvironment> {
  const parsed = storeSchema.safeParse(dropEmpty(variables));
  if (!parsed.success) return { ok: false, problems: [...describeError(parsed.error)] };
  return { ok: true, env: { databaseUrl: parsed.data.DATABASE_URL, dataDir: parsed.data.DATA_DIR } };
}

/** The values that no log may ever hold. */
export function listSecrets(env: Environment): readonly string[] {
  const password = env.databaseUrl === undefined ? "" : new URL(env.databaseUrl).password;
  const secrets = [env.privateKey, ...env.webhookSecrets, env.metricsToken ?? "", env.operatorToken ?? ""];
  return [...secrets, password, decodeURIComponent(password)].filter((secret) => secret !== "");
}

/** Files of variables and container platforms write "not set" as an empty value. */
function dropEmpty(variables: Variables): Variables {
  const entries = Object.entries(variables).map(([name, value = ""]) => [name, value.trim()] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ""));
}

/** Two processes have to share what they store, and the embedded database belongs to one. */
function findHalfProblems({ PROCESS: part, DATABASE_URL: url }: Variables): readonly string[] {
  const isHalf = part === "front-door" || part === "worker";
  if (!isHalf || url !== undefined) return [];
  return [
    `PROCESS=${part} needs DATABASE_URL, since the embedded database belongs to one process: set it to a PostgreSQL, or set PROCESS to all.`,
  ];
}

function describeError(error: z.ZodError | undefined): readonly string[] {
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")} ${message}.`);
}

function splitSecrets(text: string, context: z.RefinementCtx): readonly string[] {
  const secrets = text.split(",").map((secret) => secret.trim());
  if (secrets.length > 2) {
    context.addIssue("must hold one secret, or two while one replaces the other; a secret has no comma");
  }
  const problem = secrets.map(findSecretProblem).find((found) => found !== undefined);
  if (problem !== undefined) context.addIssue(`cannot be used: ${lowerFirst(problem)}`);
  return secrets;
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function text(pattern: RegExp, phrase: string) {
  return z.string({ error: phrase }).regex(pattern, { error: phrase });
}

function token() {
  const phrase = "must have at least 16 characters and no spaces; make one with: openssl rand -hex 32";
  return text(/^[!-~]{16,}$/, phrase);
}

function refused(phrase: string) {
  return z.undefined({ error: phrase }).optional();
}

function defaultOf(name: string): string {
  const value = VARIABLES.find((row) => row.name === name)?.default;
  if (value === undefined || value === null) throw new Error(`${name} has no default`);
  return value;
}

function isPostgresUrl(address: string): boolean {
  if (!/^postgres(?:ql)?:\/\//.test(address) || !URL.canParse(address)) return false;
  try {
    return typeof decodeURIComponent(new URL(address).password) === "string";
  } catch {
    return false;
  }
}

function isBaseUrl(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, username, password, search, hash } = new URL(address);
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === "";
}
