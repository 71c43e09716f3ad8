import { parseConfig } from "../../src/core/config/parse-config.ts";
import type { Config } from "../../src/core/config/config.ts";
import {
  auditOf,
  deedsOf,
  findRepeated,
  isOver,
  issueOf,
  type Lines,
  linesOf,
  movesOf,
  OWN_SLUG,
  VERIFY_CHECK,
  writesOf,
} from "./read-history.ts";

const MINUTE_MS = 60_000;

/** I1: what was taken is handled or given up, and nothing is given up that GitHub sends every day. */
export function findLostDeliveries(lines: Lines): readonly string[] {
  const handled = new Set(linesOf(lines, "handled").map(({ job }) => job));
  const buried = linesOf(lines, "buried");
  const gone = new Set(buried.map(({ job }) => job));
  return [
    ...linesOf(lines, "received")
      .filter(({ answer, guid }) => answer === "stored" && !handled.has(guid) && !gone.has(guid))
      .map(({ guid }) => `${guid} was taken and never handled`),
    ...buried.map(({ job, reason }) => `${job} was given up: ${reason}`),
  ];
}

/** I2: one delivery has its effect once, and is handled in its turn. */
export function findRepeatedWork(lines: Lines): readonly string[] {
  const stored = linesOf(lines, "received").filter(({ answer }) => answer === "stored");
  const order = stored.map(({ guid }) => guid);
  const handled = linesOf(lines, "handled").map(({ job }) => job);
  const guids = new Set(order);
  const ours = handled.filter((job) => guids.has(job));
  const places = new Map(order.map((guid, index) => [guid, index]));
  const isShuffled = ours.some(
    (guid, index) => index > 0 && (places.get(guid) ?? 0) < (places.get(ours[index - 1] ?? "") ?? 0),
  );
  return [
    ...findRepeated(order).map((guid) => `${guid} was taken twice`),
    ...findRepeated(handled).map((job) => `${job} was handled twice`),
    ...findRepeated(auditOf(lines, "task.created").map(({ taskId }) => String(taskId))).map(
      (id) => `task ${id} was made twice`,
    ),
    ...(isShuffled ? ["deliveries were handled in another order than they were taken"] : []),
  ];
}

/** I3: an issue has one live task at most, at every moment. */
export function findSecondTasks(lines: Lines): readonly string[] {
  const live = new Map<number, Set<string>>();
  return movesOf(lines).flatMap(({ taskId, to }) => {
    const tasks = live.get(issueOf(taskId)) ?? new Set();
    if (isOver(to)) tasks.delete(taskId);
    else tasks.add(taskId);
    live.set(issueOf(taskId), tasks);
    return tasks.size > 1 ? [`${[...tasks].join(" and ")} were live at once`] : [];
  });
}

/** I4: an attempt is dispatched once; whatever GitHub made beside its run does not go on. */
export function findSurplusRuns(lines: Lines): readonly string[] {
  const started = writesOf(lines, "run.start").map(({ write }) => write);
  const twice = findRepeated(started.map(({ correlation }) => correlation));
  const begun = new Set(deedsOf(lines, "run.begun").map(({ deed }) => deed.run));
  // A worker that stood still for long may send what another has sent meanwhile; what comes of it is stopped.
  const hasStalled = linesOf(lines, "process").some(({ state }) => state === "stalled");
  const all = [...started, ...deedsOf(lines, "run.doubled").map(({ deed }) => deed)];
  const over = new Set([
    ...writesOf(lines, "run.cancel").map(({ write }) => write.run),
    ...deedsOf(lines, "run.ended").map(({ deed }) => deed.run),
  ]);
  const judged = auditOf(lines, "attempt.judged").map(({ data }) => String(data.runId));
  const surplus = [...Map.groupBy(all, ({ correlation }) => correlation)].filter(
    ([, runs]) => runs.filter(({ run }) => begun.has(run) && !over.has(run)).length > 1,
  );
  return [
    ...(hasStalled ? [] : twice).map((correlation) => `attempt ${correlation} was dispatched twice`),
    ...surplus.map(([correlation]) => `attempt ${correlation} has two runs that go on`),
    ...findRepeated(judged).map((run) => `run ${run} was judged twice`),
  ];
}

/** I5: nothing is made twice that there is to be once. */
export function findDoubles(lines: Lines): readonly string[] {
  const there = new Map<string, string>();
  const problems: string[] = [];
  const make = (subject: string, handle: string) => {
    if (there.has(subject)) problems.push(`${subject} was made twice`);
    there.set(subject, handle);
  };
  const take = (gone: string) => {
    for (const [subject, handle] of there) if (handle === gone) there.delete(subject);
  };
  for (const line of lines) {
    if (line.kind === "did" && line.deed.what === "comment.deleted") take(`comment ${line.deed.comment}`);
    if (line.kind === "did" && (line.deed.what === "pull.closed" || line.deed.what === "pull.merged"))
      take(`pull ${line.deed.pull}`);
    if (line.kind !== "write") continue;
    const { write } = line;
    if (write.what === "comment.create") make(`comment ${write.key}`, `comment ${write.comment}`);
    if (write.what === "check.create")
      make(`check ${write.name} of ${write.sha} for ${write.key}`, `check ${write.check}`);
    if (write.what === "pull.open") make(`pull request of ${write.branch}`, `pull ${write.pull}`);
    if (write.what === "pull.close") take(`pull ${write.pull}`);
    if (write.what === "pull.merge") {
      take(`pull ${write.pull}`);
      make(`merge of ${write.pull}`, "");
    }
  }
  return problems;
}

/** What the default branch's configuration said, from the moment at which the app took it in. */
function configsInForce(lines: Lines): readonly { readonly at: number; readonly config: Config | null }[] {
  const texts = new Map(deedsOf(lines, "configured").map(({ deed }) => [deed.sha, deed.text]));
  return auditOf(lines, "config.taken").map(({ at, data }) => {
    const text = texts.get(String(data.sha)) ?? null;
    const parsed = text === null ? null : parseConfig(text);
    return { at, config: parsed?.ok ? parsed.config : null };
  });
}

/** Configurations of which one was in force at some moment within a span. */
function configsAt(lines: Lines, from: number, to: number): readonly (Config | null)[] {
  const all = configsInForce(lines);
  const before = all.findLast(({ at }) => at <= from);
  return [before?.config ?? null, ...all.filter(({ at }) => at > from && at <= to).map(({ config }) => config)];
}

const MERGING: ReadonlySet<string> = new Set(["merge-with-approval", "merge", "deploy"]);

/** I6: PASS and a merge are of exactly the commit that was judged, that the app made itself, and that its checks have passed. */
export function findGroundlessVerdicts(lines: Lines): readonly string[] {
  const problems: string[] = [];
  const passed = new Map<string, boolean>();
  const own = new Set<string>();
  const ended = new Map<string, string>();
  const overridden = lines.some(
    (line) => line.kind === "did" && line.deed.what === "commented" && line.deed.body.includes("override"),
  );
  for (const line of lines) {
    if (line.kind === "audit" && line.entry.kind === "verdict.reached")
      passed.set(String(line.entry.data.sha), line.entry.data.verdict === "PASS");
    if (line.kind === "did" && line.deed.what === "check.ended") ended.set(line.deed.sha, line.deed.conclusion);
    if (line.kind !== "write") continue;
    const { write } = line;
    if (write.what === "push") own.add(write.sha);
    const isGreen =
      (write.what === "check.create" || write.what === "check.update") &&
      write.name === VERIFY_CHECK &&
      write.conclusion === "success";
    if (isGreen && !passed.get(write.sha)) problems.push(`PASS is shown on ${write.sha}, which was not judged so`);
    if (isGreen && !own.has(write.sha)) problems.push(`PASS is shown on ${write.sha}, which is not the app's`);
    if (isGreen && !overridden && ended.get(write.sha) !== "success")
      problems.push(`PASS is shown on ${write.sha}, whose check did not succeed`);
    if (write.what !== "pull.merge") continue;
    if (write.asked !== write.head) problems.push(`pull request ${write.pull} was merged without naming its head`);
    if (!passed.get(write.head)) problems.push(`${write.head} was merged without PASS`);
    if (!own.has(write.head)) problems.push(`${write.head}, which is not the app's, was merged by it`);
    const may = configsAt(lines, line.sentAt - 2 * MINUTE_MS, line.at).some(
      (config) => config?.mode === "active" && MERGING.has(config.autonomy),
    );
    if (!may) problems.push(`pull request ${write.pull} was merged though no configuration in force allows that`);
  }
  return [...problems, ...findUnapproved(lines)];
}

/** Where approvals are asked for, people other than whoever asked gave them for this very commit. */
function findUnapproved(lines: Lines): readonly string[] {
  const approvals = deedsOf(lines, "commented").filter(({ deed }) => deed.body.includes("/orchestrate approve "));
  const requesters = new Map(auditOf(lines, "task.created").map(({ taskId, actor }) => [taskId, actor]));
  return writesOf(lines, "pull.merge").flatMap(({ key, at, sentAt, write }) => {
    const taskId = key.split(":")[2] ?? "";
    const needed = Math.min(
      ...configsAt(lines, sentAt - 10 * MINUTE_MS, at).map((config) =>
        config === null || config.autonomy !== "merge-with-approval" ? 0 : config.gates.approvals,
      ),
    );
    const people = new Set(
      approvals
        .filter((one) => one.at <= at && one.deed.body.includes(write.head) && WRITERS.has(one.by))
        .map(({ by }) => by),
    );
    people.delete(requesters.get(taskId) ?? "");
    return people.size >= needed ? [] : [`${write.head} was merged with ${people.size} of ${needed} approvals`];
  });
}

const WRITERS: ReadonlySet<string> = new Set(["robin", "alice", "bob", "carol"]);

/** I8: whatever has not ended says why. */
export function findSilence(lines: Lines): readonly string[] {
  return movesOf(lines).flatMap(({ taskId, to, reasons }) =>
    !isOver(to) && reasons.length === 0 ? [`task ${taskId} is ${to} without a reason`] : [],
  );
}

/** What somebody may only do whose permission was asked for at that moment, and the least that it takes. */
const PRIVILEGED: ReadonlyMap<string, readonly string[]> = new Map([
  ["task.created", ["write", "maintain", "admin"]],
  ["task.held", ["write", "maintain", "admin"]],
  ["task.prioritised", ["write", "maintain", "admin"]],
  ["pull.approvals", ["write", "maintain", "admin"]],
  ["repository.paused", ["maintain", "admin"]],
  ["repository.resumed", ["maintain", "admin"]],
  ["repository.stopped", ["maintain", "admin"]],
]);

/** I9: whoever orders something is asked for at that moment. */
export function findUnasked(lines: Lines): readonly string[] {
  let asked = new Map<string, string>();
  return lines.flatMap((line) => {
    if (line.kind === "begun") asked = new Map();
    if (line.kind === "asked") asked.set(line.login, line.permission);
    if (line.kind !== "audit" || line.entry.actor === OWN_SLUG) return [];
    const { kind, actor } = line.entry;
    const enough = PRIVILEGED.get(kind);
    if (enough === undefined || enough.includes(asked.get(actor) ?? "none")) return [];
    return [`${kind} by ${actor}, who had ${asked.get(actor) ?? "not been asked for"}`];
  });
}

/** Spans in which something was so, by the audit rows that began and ended it. */
function spansOf(
  lines: Lines,
  begins: string,
  ends: string,
): readonly { readonly from: number; readonly to: number; readonly taskId: string | null }[] {
  const marks = auditOf(lines, begins, ends);
  return marks.flatMap(({ kind, at, taskId }, index) => {
    if (kind !== begins) return [];
    const end = marks.slice(index + 1).find((mark) => mark.kind === ends && mark.taskId === taskId);
    return [{ from: at, to: end?.at ?? Number.POSITIVE_INFINITY, taskId }];
  });
}

/** What is under way when somebody says stop may still land; nothing may leave later than this. */
const HEED_MS = 5_000;
/** Changes code or starts work: nothing of this while people want it not to be. */
const CONSEQUENCES = ["run.start", "push", "pull.open", "pull.merge"] as const;

/** I11: stops, pauses, holds and limits are kept, and GitHub's wish to be left alone. */
export function findExcess(lines: Lines): readonly string[] {
  return [...findDisobedience(lines), ...findCrowds(lines), ...findHaste(lines), ...findOverspending(lines), ...findOverwork(lines)];
}

function findDisobedience(lines: Lines): readonly string[] {
  const isWithin = (at: number, { from, to }: { readonly from: number; readonly to: number }) =>
    at > from + HEED_MS && at < to;
  const stops = spansOf(lines, "repository.stopped", "repository.resumed");
  const pauses = spansOf(lines, "repository.paused", "repository.resumed");
  const stopped = linesOf(lines, "write").filter(
    ({ sentAt, write, key }) =>
      write.what !== "run.cancel" && !/:re(?:ply|act):\d+$/u.test(key) && stops.some((span) => isWithin(sentAt, span)),
  );
  const paused = writesOf(lines, ...CONSEQUENCES).filter(
    ({ sentAt, key }) => !/:file-|roadmap/u.test(key) && pauses.some((span) => isWithin(sentAt - 60_000, span)),
  );
  return [
    ...stopped.map(({ write }) => `${write.what} was sent though everything was stopped`),
    ...paused.map(({ write }) => `${write.what} was sent though the repository was paused`),
  ];
}

function findCrowds(lines: Lines): readonly string[] {
  const running = new Set<string>();
  const configs = configsInForce(lines);
  return movesOf(lines).flatMap(({ at, taskId, from, to }) => {
    const limit = configs.findLast((known) => known.at <= at)?.config?.limits.running ?? Number.POSITIVE_INFINITY;
    const isTooMany = from === "queued" && to === "running" && running.size >= limit;
    if (to === "running") running.add(taskId);
    else running.delete(taskId);
    return isTooMany ? [`task ${taskId} was started beside ${running.size - 1} of at most ${limit}`] : [];
  });
}

function findHaste(lines: Lines): readonly string[] {
  const until = new Map<string, number>();
  return lines.flatMap((line) => {
    if (line.kind === "limited") until.set(line.key, line.until);
    if (line.kind !== "tried" || line.at >= (until.get(line.key) ?? 0)) return [];
    return [`${line.key} was tried again before GitHub wanted to hear of it`];
  });
}

/** Minutes of the week: what runs used is known from their ends. */
function findOverspending(lines: Lines): readonly string[] {
  const used = new Map(deedsOf(lines, "run.ended").map(({ deed }) => [deed.run, deed.minutes]));
  const configs = configsInForce(lines);
  let minutes = 0;
  return linesOf(lines, "audit").flatMap(({ at, entry: { kind, taskId, data } }) => {
    if (kind === "attempt.judged") minutes += used.get(Number(data.runId)) ?? 0;
    const limit = configs.findLast((known) => known.at <= at)?.config?.limits.minutesPerWeek;
    const isStart = kind === "task.moved" && data.from === "queued" && data.to === "running";
    const isTooMuch = isStart && limit !== undefined && minutes >= limit + 1;
    return isTooMuch ? [`task ${taskId} was started after ${Math.round(minutes)} of ${limit} minutes`] : [];
  });
}

const COSTLY: ReadonlySet<unknown> = new Set(["task", "no_evidence", "timeout"]);

/** No attempt begins when the budget of the task's role is used, unless somebody gave it more. */
function findOverwork(lines: Lines): readonly string[] {
  const configs = configsInForce(lines);
  const budgets = new Map<string | null, number>();
  const spent = new Map<string | null, number>();
  return linesOf(lines, "audit").flatMap(({ at, entry: { kind, taskId, data } }) => {
    if (kind === "task.created") {
      const config = configs.findLast((known) => known.at <= at)?.config;
      const role = config?.kinds[String(data.kind)]?.role ?? "";
      budgets.set(taskId, config?.roles[role]?.attempts ?? Number.POSITIVE_INFINITY);
    }
    if (kind === "command" && data.verb === "retry") spent.set(taskId, 0);
    const isFailure = kind === "attempt.judged" && data.verdict === "FAIL" && COSTLY.has(data.failureClass);
    if (isFailure) spent.set(taskId, (spent.get(taskId) ?? 0) + 1);
    const isOverdrawn = (spent.get(taskId) ?? 0) >= (budgets.get(taskId) ?? Number.POSITIVE_INFINITY);
    return kind === "attempt.started" && isOverdrawn
      ? [`task ${taskId} was begun again after ${spent.get(taskId)} failures`]
      : [];
  });
}

/** I12: what is written was intended before, and what was intended has an outcome. */
export function findUnaudited(lines: Lines): readonly string[] {
  const intended = new Set<string>();
  return lines.flatMap((line) => {
    if (line.kind === "audit" && line.entry.kind === "effect.intended") intended.add(String(line.entry.data.key));
    if (line.kind !== "write" || intended.has(line.key)) return [];
    return [`${line.write.what} for ${line.key} was never intended`];
  });
}

/** I15: the app answers neither itself nor bots that nobody named. */
export function findTalkWithBots(lines: Lines): readonly string[] {
  const bots = deedsOf(lines, "commented").filter(({ deed }) => !deed.isPerson);
  const ids = new Set(bots.map(({ deed }) => String(deed.comment)));
  const answers = writesOf(lines, "comment.create").filter(({ write }) =>
    ids.has(/:reply:(\d+)$/u.exec(write.key)?.[1] ?? ""),
  );
  return [
    ...auditOf(lines, "task.created", "command")
      .filter(({ actor }) => actor.endsWith("[bot]"))
      .map(({ kind, actor }) => `${kind} by ${actor}`),
    ...answers.map(({ write }) => `a bot was answered: ${write.key}`),
  ];
}
