import { z } from "zod";
import { cutTo } from "../messages/text.ts";
import { err, ok, type Result } from "../result.ts";
import { ReportRefusal } from "./reports/limits.ts";
import { listOf, readJson } from "./reports/read-json.ts";

/** Characters of `result.json` that are read at most; changes are the bulk of it. */
export const RESULT_MAX_CHARS = 8 * 1024 * 1024;

const Id = z.string().max(64);
const Labels = z.record(z.string().max(64), z.string().max(128));

/** A finite number, or null where the worker wrote NaN or Infinity as a string: a metric that was not computed. */
const MetricValue = z.union([
  z.number(),
  z.enum(["NaN", "Infinity", "-Infinity"]).transform(() => null),
  z.null(),
]);

/** A path inside the repository: relative, forward slashes, no way up and nothing of git's own, on any file system. */
const RepositoryPath = z
  .string()
  .min(1)
  .max(512)
  .refine(
    (path) => path.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\:]/u.test(path),
    "has a character that is not allowed in a path",
  )
  .refine((path) => path.split("/").every(isPathPart), "is not a path inside the repository");

/** Some file systems leave dots and blanks at the end away, or know a short name for a long one. */
function isPathPart(part: string): boolean {
  const plain = part
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[. ]+$/u, "");
  return plain !== "" && plain !== ".git" && !/^git~\d+$/u.test(plain);
}

const Change = z.strictObject({
  path: RepositoryPath,
  mode: z.enum(["100644", "100755"]),
  contentBase64: z
    .string()
    .max(2 * 1024 * 1024)
    .regex(/^[A-Za-z0-9+/]*={0,2}$/)
    .refine((text) => text.length % 4 === 0, "is not complete base64")
    .nullable(),
});

/** Sorts of things that a worker may lack. */
const MISSING = ["information", "decision", "path", "input", "secret", "access"] as const;

const PlainResult = z.strictObject({
  schema: z.literal("orchestrator-result/1"),
  task: Id,
  attempt: z.number().int().min(1),
  correlation: Id,
  baseSha: z.string().regex(/^[0-9a-f]{40}$/),
  outcome: z.enum(["completed", "failed", "blocked"]),
  summary: z.string().max(4000),
  /** Why the work could not be done, where that is nobody's fault here. */
  failure: z.literal("rate_limit").exactOptional(),
  /** When the limit is over, as far as the worker was told. */
  retryAt: z.iso.datetime({ offset: true }).max(40).exactOptional(),
  /** Whose model did the work, in the configuration's word. */
  provider: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]{0,38}$/)
    .exactOptional(),
  /** What the worker found instead of work to do; `evidence` are files of the base that show it. */
  signal: z.literal("already-done").exactOptional(),
  evidence: listOf(RepositoryPath, 10).exactOptional(),
  /** What only people can add, where the worker is blocked. */
  missing: listOf(
    z.strictObject({ what: z.enum(MISSING), name: z.string().min(1).max(200) }),
    20,
  ).exactOptional(),
  metrics: listOf(
    z.strictObject({ name: z.string().min(1).max(64), value: MetricValue, labels: Labels.default({}) }),
    10_000,
  ).default([]),
  reports: listOf(
    z.strictObject({
      format: z.enum(["junit", "vitest-json", "eslint-json", "tsc", "sarif", "coverage-summary"]),
      path: z.string().max(512),
    }),
    100,
  ).default([]),
  artifacts: listOf(
    z.strictObject({
      name: z.string().min(1).max(128),
      count: z.number().int().min(0).default(1),
      bytes: z.number().int().min(0).default(0),
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .nullable()
        .default(null),
    }),
    1000,
  ).default([]),
  changes: listOf(Change, 1000)
    .refine(
      (changes) => new Set(changes.map((change) => change.path)).size === changes.length,
      "changes a file twice",
    )
    .default([]),
  usage: z
    .strictObject({
      minutes: z.number().min(0).max(100_000).default(0),
      tokens: z.number().min(0).max(1e12).default(0),
      /** Left out where the worker does not know what it cost. */
      usd: z.number().min(0).max(1e6).exactOptional(),
    })
    .default({ minutes: 0, tokens: 0 }),
  learnings: listOf(
    z.strictObject({
      title: z.string().max(200),
      body: z.string().max(4000),
      paths: z.array(z.string().max(256)).max(50).default([]),
    }),
    50,
  ).default([]),
});

/** What a worker writes into `result.json`; everything in it is untrusted until it is bound and verified. */
export const WorkerResult = PlainResult.refine(
  ({ failure, outcome }) => failure === undefined || outcome !== "completed",
  { path: ["failure"], error: "is not for work that is completed" },
)
  .refine(({ failure, retryAt }) => retryAt === undefined || failure === "rate_limit", {
    path: ["retryAt"],
    error: "is only for the failure rate_limit",
  })
  .refine(
    ({ signal, outcome, changes, evidence }) =>
      signal === undefined || (outcome === "completed" && changes.length === 0 && evidence !== undefined),
    { path: ["signal"], error: "is for completed work without changes, and needs evidence" },
  )
  .refine(({ evidence, signal }) => evidence === undefined || (signal !== undefined && evidence.length > 0), {
    path: ["evidence"],
    error: "names at least one file, and only with a signal",
  })
  .refine(({ missing, outcome }) => missing === undefined || outcome === "blocked", {
    path: ["missing"],
    error: "is only for the outcome blocked",
  });
export type WorkerResult = z.infer<typeof WorkerResult>;

/** Reads `result.json`; the error is one sentence that names the first wrong field. */
export function readWorkerResult(text: string): Result<WorkerResult, string> {
  if (text.length > RESULT_MAX_CHARS) return err(`result.json has more than ${RESULT_MAX_CHARS} characters`);
  let raw: unknown;
  try {
    raw = readJson(text);
  } catch (error) {
    if (error instanceof ReportRefusal) return err(`result.json ${error.message}`);
    throw error;
  }
  const parsed = WorkerResult.safeParse(raw);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const where = issue?.path.length ? cutTo(issue.path.map(String).join("."), 100) : "the document";
  const why = cutTo(issue?.message ?? "invalid", 150);
  return err(`result.json does not follow orchestrator-result/1: ${where}: ${why}`);
}

/** What a result has to name to count as the evidence of an attempt. */
export interface Binding {
  readonly taskId: string;
  readonly number: number;
  readonly correlation: string;
  readonly baseSha: string;
}

/** Why a result is not the evidence of this attempt, or undefined when it is. */
export function findBindingProblem(result: WorkerResult, attempt: Binding): string | undefined {
  const rows: readonly (readonly [string, string | number, string | number])[] = [
    ["task", result.task, attempt.taskId],
    ["attempt", result.attempt, attempt.number],
    ["correlation", result.correlation, attempt.correlation],
    ["baseSha", result.baseSha, attempt.baseSha],
  ];
  const wrong = rows.find(([, seen, wanted]) => seen !== wanted);
  return wrong === undefined
    ? undefined
    : `the result names ${wrong[0]} ${wrong[1]}, the attempt is ${wrong[2]}`;
}
