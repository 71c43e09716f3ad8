import { sql } from "kysely";
import { z } from "zod";
import type { Db } from "../../src/adapters/store/engine.ts";

/** One entry of the sandbox's history. */
export type HistoryEntry = Readonly<Record<string, unknown>>;

/** One request to the sandbox, reads too, in order. */
export interface SeenExchange {
  readonly method: string;
  readonly template: string | null;
  readonly path: string;
  readonly actor: string;
  readonly status: number;
  readonly requestBody: unknown;
  readonly responseBody: unknown;
}

export interface StoredRows {
  readonly deliveries: readonly { readonly guid: string; readonly status: string }[];
  readonly tasks: readonly StoredTask[];
  readonly attempts: readonly StoredAttempt[];
  readonly pulls: readonly StoredPull[];
  readonly audit: readonly StoredAudit[];
}

interface StoredTask {
  readonly id: string;
  readonly repo_id: number;
  readonly issue: number;
  readonly state: string;
  readonly head_sha: string | null;
  readonly wake_at: number | null;
}

/** A pull request or merge group without a task. */
interface StoredPull {
  readonly id: string;
  readonly state: string;
  readonly head_sha: string;
  readonly wake_at: number | null;
}

interface StoredAttempt {
  readonly correlation: string;
  readonly task_id: string;
  readonly run_id: number | null;
  readonly state: string;
}

interface StoredAudit {
  readonly repo_id: number;
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly actor: string;
  readonly task_id: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Everything that may be known of what happened: what GitHub recorded, and what was stored. */
export interface Evidence {
  readonly history: readonly HistoryEntry[];
  readonly exchanges: readonly SeenExchange[];
  readonly rows: StoredRows;
  /** Logins of accounts that are no people, the app's own included. */
  readonly bots: ReadonlySet<string>;
  /** Logins of those that the configuration allows to ask for work. */
  readonly allowedBots?: ReadonlySet<string>;
  /** Secrets that must be nowhere. */
  readonly canaries: readonly string[];
  /** Everything that was written where people or programs may read it. */
  readonly texts: readonly { readonly where: string; readonly text: string }[];
}

type Check = (evidence: Evidence) => readonly string[];

/** What must hold whatever happens, by the numbers of the fault catalogue. */
export const INVARIANTS: Readonly<Record<string, Check>> = {
  I1: findLostDeliveries,
  I2: findRepeatedDeliveries,
  I3: findSecondTasks,
  I4: findSurplusRuns,
  I5: findDoubles,
  I6: findGroundlessVerdicts,
  I7: findEndlessChecks,
  I8: findForgottenTasks,
  I11: findHaste,
  I13: findLeaks,
  I15: findTalkWithBots,
};

/** Every violation, each beginning with the number of its invariant. */
export function checkInvariants(evidence: Evidence): readonly string[] {
  return Object.entries(INVARIANTS).flatMap(([name, check]) =>
    check(evidence).map((problem) => `${name}: ${problem}`),
  );
}

const STORED_STATES: ReadonlySet<string> = new Set(["processed", "ignored", "dead"]);
const TERMINAL_STATES: ReadonlySet<string> = new Set(["done", "failed", "cancelled"]);
const LIVE_ATTEMPTS: ReadonlySet<string> = new Set(["dispatching", "dispatched", "running"]);

function isLive(state: string): boolean {
  return !TERMINAL_STATES.has(state);
}

const Delivered = z.object({ kind: z.literal("delivery"), guid: z.string(), statusCode: z.number() });

function listAcknowledged(evidence: Evidence): readonly string[] {
  return evidence.history.flatMap((entry) => {
    const read = Delivered.safeParse(entry);
    const isAcknowledged = read.success && read.data.statusCode >= 200 && read.data.statusCode < 300;
    return isAcknowledged ? [read.data.guid] : [];
  });
}

/** I1: what was acknowledged is stored and has come to an end. */
function findLostDeliveries(evidence: Evidence): readonly string[] {
  const stateByGuid = new Map(evidence.rows.deliveries.map(({ guid, status }) => [guid, status]));
  return [...new Set(listAcknowledged(evidence))].flatMap((guid) => {
    const state = stateByGuid.get(guid);
    if (state === undefined) return [`delivery ${guid} was acknowledged, but is not stored`];
    return STORED_STATES.has(state) ? [] : [`delivery ${guid} was acknowledged, but is still "${state}"`];
  });
}

/** I2: a delivery has its effect once, however often it comes: a task begins and a comment is answered once. */
function findRepeatedDeliveries({ rows }: Evidence): readonly string[] {
  const guids = findRepeated(rows.deliveries.map((row) => row.guid)).map(
    (guid) => `delivery ${guid} is stored several times`,
  );
  const begun = rows.audit.filter((row) => row.kind === "task.created").map((row) => String(row.task_id));
  return [...guids, ...findRepeated(begun).map((id) => `task ${id} was begun several times`)];
}

function findRepeated(values: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const value of values) (seen.has(value) ? repeated : seen).add(value);
  return [...repeated];
}

/** I3: an issue has at most one live task, now and at every moment of the audit. */
function findSecondTasks({ rows }: Evidence): readonly string[] {
  const liveNow = rows.tasks
    .filter((task) => isLive(task.state))
    .map((task) => `${task.repo_id} #${task.issue}`);
  const now = findRepeated(liveNow).map((subject) => `${subject} has two live tasks`);
  return [...now, ...[...Map.groupBy(rows.audit, (row) => row.repo_id).values()].flatMap(replayTasks)];
}

const Moved = z.object({
  kind: z.literal("task.moved"),
  task_id: z.string(),
  data: z.object({ to: z.string() }),
});

function replayTasks(audit: readonly StoredAudit[]): readonly string[] {
  const liveByIssue = new Map<string, readonly string[]>();
  const problems: string[] = [];
  for (const row of audit) {
    if (row.kind === "repository.removed") liveByIssue.clear();
    const moved = Moved.safeParse(row).data;
    if (moved === undefined) continue;
    const issue = moved.task_id.split(".").slice(0, 2).join("#");
    const others = (liveByIssue.get(issue) ?? []).filter((id) => id !== moved.task_id);
    const live = isLive(moved.data.to) ? [...others, moved.task_id] : others;
    liveByIssue.set(issue, live);
    if (live.length > 1) problems.push(`${issue} had the live tasks ${live.join(" and ")} at once`);
  }
  return problems;
}

const Request = z.object({
  kind: z.literal("request"),
  seq: z.number(),
  at: z.string(),
  method: z.string(),
  path: z.string(),
  realPath: z.string(),
  params: z.record(z.string(), z.string()),
  repositoryId: z.number().nullable(),
  installationId: z.number().nullable(),
  actor: z.string(),
  body: z.unknown(),
  applied: z.boolean(),
  answer: z.looseObject({
    id: z.number().optional(),
    number: z.number().optional(),
    workflow_run_id: z.number().optional(),
  }),
  early: z.boolean().optional(),
});
type Request = z.infer<typeof Request>;

/** A request that changed something, whoever sent it; what the app itself did has the actor `installation`. */
export function listWrites(history: readonly HistoryEntry[]): readonly Request[] {
  return history.flatMap((entry) => {
    const read = Request.safeParse(entry);
    return read.success && read.data.applied ? [read.data] : [];
  });
}

function isOurs(write: Request): boolean {
  return write.actor === "installation";
}

function isAt(write: Request, route: string): boolean {
  return `${write.method} ${write.path}` === route;
}

function fieldOf(body: unknown, name: string): unknown {
  return typeof body === "object" && body !== null
    ? Object.entries(body).find(([key]) => key === name)?.[1]
    : undefined;
}

const DISPATCH = "POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches";
const CANCEL = "POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel";

/** I4: an attempt has one run; whatever else was started for it was stopped. */
function findSurplusRuns({ history, rows }: Evidence): readonly string[] {
  const writes = listWrites(history).filter(isOurs);
  const cancelled = new Set(
    writes.filter((write) => isAt(write, CANCEL)).map((write) => Number(write.params.run_id)),
  );
  const adopted = new Map(rows.attempts.map((attempt) => [attempt.correlation, attempt.run_id]));
  const dispatches = Map.groupBy(
    writes.filter((write) => isAt(write, DISPATCH)),
    (write) => String(fieldOf(fieldOf(write.body, "inputs"), "correlation")),
  );
  const surplus = [...dispatches].flatMap(([correlation, sent]) =>
    sent.length < 2
      ? []
      : sent
          .map((write) => write.answer.workflow_run_id ?? null)
          .filter((run) => run !== adopted.get(correlation) && !(run !== null && cancelled.has(run)))
          .map((run) => `attempt ${correlation} has the surplus run ${run}, which goes on`),
  );
  const shared = rows.attempts.flatMap((attempt) =>
    attempt.run_id === null ? [] : [String(attempt.run_id)],
  );
  return [...surplus, ...findRepeated(shared).map((run) => `run ${run} is adopted by several attempts`)];
}

interface Making {
  readonly route: string;
  /** What there may be only one of. */
  readonly subject: (write: Request) => string;
  /** How the thing is found again when somebody takes it away. */
  readonly handle: (write: Request) => string;
}

const COMMENTS = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
const MAKINGS: readonly Making[] = [
  {
    route: `POST ${COMMENTS}`,
    subject: (write) => `comment on #${write.params.issue_number} with ${findMarker(write.body)}`,
    handle: (write) => `comment ${write.answer.id}`,
  },
  {
    route: "POST /repos/{owner}/{repo}/issues",
    subject: (write) => `issue with ${findMarker(write.body)}`,
    handle: (write) => `issue ${write.answer.number}`,
  },
  {
    route: "POST /repos/{owner}/{repo}/check-runs",
    subject: ({ body }) =>
      `check "${fieldOf(body, "name")}" of ${fieldOf(body, "head_sha")} for ${fieldOf(body, "external_id")}`,
    handle: (write) => `check ${write.answer.id}`,
  },
  {
    route: "POST /repos/{owner}/{repo}/pulls",
    subject: ({ body }) => `pull request of ${fieldOf(body, "head")}`,
    handle: (write) => `pull ${write.answer.number}`,
  },
  {
    route: "PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge",
    subject: (write) => `merge of #${write.params.pull_number}`,
    handle: (write) => `merge ${write.params.pull_number}`,
  },
  {
    route: DISPATCH,
    subject: ({ body }) => `dispatch of ${fieldOf(fieldOf(body, "inputs"), "correlation")}`,
    handle: (write) => `run ${write.answer.workflow_run_id}`,
  },
];

function findMarker(body: unknown): string {
  const text = String(fieldOf(body, "body") ?? "");
  return /^<!-- orchestrator:\S+ key=\S+ -->/u.exec(text)?.[0] ?? `no marker: ${text.slice(0, 60)}`;
}

/** What a write takes away, so that it may be made again. */
function findTaken(write: Request): string | undefined {
  if (isAt(write, "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}"))
    return `comment ${write.params.comment_id}`;
  const isClosing =
    isAt(write, "PATCH /repos/{owner}/{repo}/pulls/{pull_number}") &&
    fieldOf(write.body, "state") === "closed";
  return isClosing ? `pull ${write.params.pull_number}` : undefined;
}

/** I5: no comment, issue, check, pull request, merge or dispatch is made twice. */
function findDoubles({ history }: Evidence): readonly string[] {
  const handleBySubject = new Map<string, string>();
  const problems: string[] = [];
  for (const write of listWrites(history)) {
    forgetTaken(handleBySubject, write);
    const making = isOurs(write) ? MAKINGS.find(({ route }) => isAt(write, route)) : undefined;
    if (making === undefined) continue;
    const subject = making.subject(write);
    const key = `${write.repositoryId} ${subject}`;
    if (handleBySubject.has(key)) problems.push(`${subject} was made twice`);
    handleBySubject.set(key, `${write.repositoryId} ${making.handle(write)}`);
  }
  return problems;
}

function forgetTaken(handleBySubject: Map<string, string>, write: Request): void {
  const taken = findTaken(write);
  if (taken === undefined) return;
  for (const [subject, handle] of handleBySubject) {
    if (handle === `${write.repositoryId} ${taken}`) handleBySubject.delete(subject);
  }
}

const VERIFY_CHECK = "orchestrator / verify";
const CHECKS = "/repos/{owner}/{repo}/check-runs";
const PULL = "/repos/{owner}/{repo}/pulls/{pull_number}";
const COMPARE = "/repos/{owner}/{repo}/compare/{basehead}";
const Reached = z.object({ pull: z.number(), sha: z.string(), verdict: z.string() });

/** I6: a pass is shown, and a merge asked for, only for a commit that was judged while it was known as the head. */
function findGroundlessVerdicts({ exchanges, rows }: Evidence): readonly string[] {
  const passed = new Set(
    rows.audit.flatMap((row) => {
      const reached = row.kind === "verdict.reached" ? Reached.safeParse(row.data).data : undefined;
      return reached?.verdict === "PASS" ? [reached.sha] : [];
    }),
  );
  const heads = new Set<string>();
  const shaByCheck = new Map<number, string>();
  const problems: string[] = [];
  for (const exchange of exchanges.filter((one) => one.actor === "installation")) {
    noteFacts(exchange, heads, shaByCheck);
    const sha = findPassed(exchange, shaByCheck);
    if (sha === undefined) continue;
    if (!heads.has(sha)) problems.push(`${sha} passes, though it was never seen as a head`);
    if (!passed.has(sha)) problems.push(`${sha} passes without a verdict in the audit`);
  }
  return problems;
}

function noteFacts(exchange: SeenExchange, heads: Set<string>, shaByCheck: Map<number, string>): void {
  const { method, template, path, responseBody, status } = exchange;
  if (status >= 300) return;
  if (method === "GET" && template === PULL) heads.add(String(fieldOf(fieldOf(responseBody, "head"), "sha")));
  // The commit of a merge queue is read by what it holds beyond its base.
  if (method === "GET" && template === COMPARE) heads.add(path.split("...").at(-1) ?? "");
  const checkId = Number(fieldOf(responseBody, "id"));
  if (method === "POST" && template === CHECKS)
    shaByCheck.set(checkId, String(fieldOf(responseBody, "head_sha")));
}

/** The commit that a request calls passed: by a green check of ours, or by merging it. */
function findPassed(exchange: SeenExchange, shaByCheck: ReadonlyMap<number, string>): string | undefined {
  const { method, template, path, requestBody } = exchange;
  if (method === "PUT" && template === `${PULL}/merge`) return String(fieldOf(requestBody, "sha"));
  const isGreen =
    template?.startsWith(CHECKS) === true &&
    fieldOf(requestBody, "name") === VERIFY_CHECK &&
    fieldOf(requestBody, "conclusion") === "success";
  if (!isGreen) return undefined;
  return method === "POST"
    ? String(fieldOf(requestBody, "head_sha"))
    : shaByCheck.get(Number(path.split("/").at(-1)));
}

/** I7: a check of ours ends, or belongs to a task or a pull request that is alive and has a deadline. */
function findEndlessChecks({ history, rows }: Evidence): readonly string[] {
  const open = new Map<number, string>();
  const ours = listWrites(history).filter((write) => isOurs(write) && write.path.startsWith(CHECKS));
  for (const write of ours) {
    const id = Number(write.params.check_run_id ?? write.answer.id);
    if (fieldOf(write.body, "status") === "completed") open.delete(id);
    else open.set(id, String(fieldOf(write.body, "external_id") ?? open.get(id)));
  }
  const waiting = new Set(
    [
      ...rows.tasks.filter((task) => isLive(task.state)),
      ...rows.pulls.filter((pull) => pull.state === "open"),
    ].flatMap(({ head_sha, wake_at }) => (wake_at === null ? [] : [head_sha])),
  );
  return [...open]
    .filter(([, externalId]) => !waiting.has(externalId.split(":").at(-1) ?? ""))
    .map(([id, externalId]) => `check ${id} for ${externalId} never ends`);
}

/** I8: every live task is looked at again, and an attempt under way belongs to a live task. */
function findForgottenTasks({ rows }: Evidence): readonly string[] {
  const liveIds = new Set(rows.tasks.filter((task) => isLive(task.state)).map((task) => task.id));
  return [
    ...rows.tasks
      .filter((task) => isLive(task.state) && task.wake_at === null)
      .map((task) => `task ${task.id} is ${task.state} without a deadline`),
    ...rows.pulls
      .filter((pull) => pull.state === "open" && pull.wake_at === null)
      .map((pull) => `pull request ${pull.id} is open without a deadline`),
    ...rows.attempts
      .filter((attempt) => LIVE_ATTEMPTS.has(attempt.state) && !liveIds.has(attempt.task_id))
      .map((attempt) => `attempt ${attempt.correlation} is ${attempt.state}, but its task has ended`),
  ];
}

const CONTENT_ROUTES: ReadonlySet<string> = new Set([
  `POST ${COMMENTS}`,
  "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}",
  "POST /repos/{owner}/{repo}/issues",
  "POST /repos/{owner}/{repo}/pulls",
]);
const CONTENT_LIMITS = [
  { spanMs: 60_000, most: 80, name: "minute" },
  { spanMs: 3_600_000, most: 500, name: "hour" },
] as const;

/** I11: nobody asks before GitHub said so, and no more is written than GitHub allows. */
function findHaste({ history }: Evidence): readonly string[] {
  const requests = history.flatMap((entry) => Request.safeParse(entry).data ?? []);
  const early = requests
    .filter((request) => isOurs(request) && request.early === true)
    .map((request) => `${request.method} ${request.realPath} came before the time that GitHub had named`);
  const content = listWrites(history).filter(
    (write) => isOurs(write) && CONTENT_ROUTES.has(`${write.method} ${write.path}`),
  );
  const byInstallation = Map.groupBy(content, (write) => write.installationId);
  return [
    ...early,
    ...[...byInstallation].flatMap(([id, writes]) =>
      findExcess(writes).map((text) => `installation ${id}: ${text}`),
    ),
  ];
}

function findExcess(writes: readonly Request[]): readonly string[] {
  const times = writes.map((write) => Date.parse(write.at)).toSorted((a, b) => a - b);
  return CONTENT_LIMITS.flatMap(({ spanMs, most, name }) => {
    const excess = times.find((at, index) => at - (times[index - most] ?? -Infinity) < spanMs);
    return excess === undefined ? [] : [`more than ${most} content writes within one ${name}`];
  });
}

/** I13: no secret is written anywhere. */
function findLeaks({ canaries, texts, history }: Evidence): readonly string[] {
  const written = listWrites(history)
    .filter(isOurs)
    .map((write) => ({
      where: `${write.method} ${write.realPath}`,
      text: JSON.stringify(write.body ?? null),
    }));
  return [...texts, ...written].flatMap(({ where, text }) =>
    canaries.some((canary) => text.includes(canary)) ? [`${where} holds a secret`] : [],
  );
}

const ASKING: ReadonlySet<string> = new Set(["task.created", "intake.refused", "command"]);

/** I15: bots, the app itself first, cannot ask for anything and are not answered. */
function findTalkWithBots({ history, rows, bots, allowedBots }: Evidence): readonly string[] {
  const asked = rows.audit
    .filter((row) => ASKING.has(row.kind) && bots.has(row.actor) && allowedBots?.has(row.actor) !== true)
    .map((row) => `${row.kind} by ${row.actor}`);
  const ours = listWrites(history).filter((write) => isOurs(write) && isAt(write, `POST ${COMMENTS}`));
  const ids = new Set(ours.map((write) => String(write.answer.id)));
  const answered = ours
    .map((write) => /:reply:(\d+)/u.exec(findMarker(write.body))?.[1])
    .filter((id) => id !== undefined && ids.has(id))
    .map((id) => `comment ${id} of the app was answered by the app`);
  return [...asked, ...answered];
}

/** What the invariants are held against, by plain SQL. */
export async function readStored(db: Db): Promise<StoredRows> {
  const { rows: deliveries } = await sql<
    StoredRows["deliveries"][number]
  >`select guid, status from deliveries`.execute(db);
  const { rows: tasks } = await sql<StoredTask>`
    select id, repo_id, issue, state, head_sha, wake_at from tasks`.execute(db);
  const { rows: attempts } = await sql<StoredAttempt>`
    select correlation, task_id, run_id, state from attempts`.execute(db);
  const { rows: pulls } = await sql<StoredPull>`select id, state, head_sha, wake_at from pulls`.execute(db);
  const { rows: audit } = await sql<StoredAudit>`
    select repo_id, seq, at, kind, actor, task_id, data from audit order by repo_id, seq`.execute(db);
  return { deliveries, tasks, attempts, pulls, audit };
}

const TABLES = [
  ...[
    "repositories",
    "deliveries",
    "lanes",
    "jobs",
    "tasks",
    "attempts",
    "pulls",
    "usage_days",
    "effects",
    "audit",
  ],
  ...["audit_heads", "marks", "content_writes", "installation_pauses"],
];

/** Every row of every table as text, to look for secrets in. */
export async function readTexts(db: Db): Promise<Evidence["texts"]> {
  const texts: { where: string; text: string }[] = [];
  for (const table of TABLES) {
    const { rows } = await sql<{ text: string }>`
      select to_jsonb(t)::text as text from ${sql.table(table)} as t`.execute(db);
    texts.push(...rows.map(({ text }) => ({ where: `table ${table}`, text })));
  }
  return texts;
}
