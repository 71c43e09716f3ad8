import { describe, expect, it } from "vitest";
import {
  checkInvariants,
  type Evidence,
  INVARIANTS,
  type SeenExchange,
} from "../support/check-invariants.ts";

const AT = Date.UTC(2026, 10, 23, 12);
const DISPATCHES = "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches";
const COMMENTS = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
const CHECKS = "/repos/{owner}/{repo}/check-runs";
const CHECK = "/repos/{owner}/{repo}/check-runs/{check_run_id}";

/** Evidence of a world in which nothing happened, but for what is planted. */
function makeEvidence({
  rows,
  ...planted
}: Partial<Omit<Evidence, "rows">> & { rows?: Partial<Evidence["rows"]> }): Evidence {
  return {
    history: [],
    exchanges: [],
    rows: { deliveries: [], tasks: [], attempts: [], pulls: [], audit: [], ...rows },
    bots: new Set(["orchestrator[bot]", "other[bot]"]),
    canaries: ["canary-1234"],
    texts: [],
    ...planted,
  };
}

let lastSeq = 0;

function makeWrite(method: string, path: string, facts: Readonly<Record<string, unknown>> = {}) {
  lastSeq += 1;
  return {
    kind: "request",
    seq: lastSeq,
    at: new Date(AT).toISOString(),
    method,
    path,
    realPath: path,
    params: {},
    repositoryId: 1,
    installationId: 7,
    actor: "installation",
    body: {},
    applied: true,
    answer: {},
    ...facts,
  };
}

function makeDelivery(guid: string, statusCode = 202) {
  return { kind: "delivery", guid, statusCode };
}

function makeTask(changes: Partial<Evidence["rows"]["tasks"][number]> = {}) {
  return { id: "1.5.1", repo_id: 1, issue: 5, state: "running", head_sha: null, wake_at: AT, ...changes };
}

function makePull(changes: Partial<Evidence["rows"]["pulls"][number]> = {}) {
  return { id: "1.9", state: "open", head_sha: "aaa", wake_at: AT, ...changes };
}

function makeAttempt(changes: Partial<Evidence["rows"]["attempts"][number]> = {}) {
  return { correlation: "1.5.1.1.0.0", task_id: "1.5.1", run_id: 90, state: "running", ...changes };
}

function makeAudit(kind: string, changes: Partial<Evidence["rows"]["audit"][number]> = {}) {
  return { repo_id: 1, seq: 1, at: AT, kind, actor: "mia", task_id: "1.5.1", data: {}, ...changes };
}

function makeExchange(method: string, template: string, facts: Partial<SeenExchange>): SeenExchange {
  const unsaid = { path: template, actor: "installation", status: 200, requestBody: {}, responseBody: {} };
  return { method, template, ...unsaid, ...facts };
}

const marked = (kind: string, key: string) => `<!-- orchestrator:${kind} key=${key} -->\ntext`;
const dispatch = (runId: number) =>
  makeWrite("POST", DISPATCHES, {
    body: { inputs: { correlation: "1.5.1.1.0.0" } },
    answer: { workflow_run_id: runId },
  });
const comment = (id: number, facts: Readonly<Record<string, unknown>> = {}) =>
  makeWrite("POST", COMMENTS, {
    params: { issue_number: "5" },
    body: { body: marked("comment", "1:status:5") },
    answer: { id },
    ...facts,
  });
const openCheck = (facts: Readonly<Record<string, unknown>> = {}) =>
  makeWrite("POST", CHECKS, {
    body: {
      name: "orchestrator / verify",
      head_sha: "aaa",
      external_id: "1:verify:aaa",
      status: "in_progress",
    },
    answer: { id: 33 },
    ...facts,
  });
const greenCheck = makeExchange("POST", CHECKS, {
  requestBody: { name: "orchestrator / verify", head_sha: "aaa", conclusion: "success" },
});
const seenHead = (sha: string) =>
  makeExchange("GET", "/repos/{owner}/{repo}/pulls/{pull_number}", { responseBody: { head: { sha } } });
const passed = (sha: string) => makeAudit("verdict.reached", { data: { pull: 9, sha, verdict: "PASS" } });

/** A violation each: what is planted, and what the checker has to say of it. */
const VIOLATIONS: readonly (readonly [
  name: string,
  planted: Parameters<typeof makeEvidence>[0],
  says: string,
])[] = [
  ["I1", { history: [makeDelivery("a")] }, "I1: delivery a was acknowledged, but is not stored"],
  [
    "I1",
    { history: [makeDelivery("a")], rows: { deliveries: [{ guid: "a", status: "received" }] } },
    'I1: delivery a was acknowledged, but is still "received"',
  ],
  [
    "I2",
    {
      rows: {
        deliveries: [
          { guid: "a", status: "dead" },
          { guid: "a", status: "dead" },
        ],
      },
    },
    "I2: delivery a is stored several times",
  ],
  [
    "I2",
    { rows: { audit: [makeAudit("task.created"), makeAudit("task.created")] } },
    "I2: task 1.5.1 was begun several times",
  ],
  ["I3", { rows: { tasks: [makeTask(), makeTask({ id: "1.5.2" })] } }, "I3: 1 #5 has two live tasks"],
  [
    "I3",
    {
      rows: {
        audit: [
          makeAudit("task.moved", { data: { to: "queued" } }),
          makeAudit("task.moved", { task_id: "1.5.2", data: { to: "queued" } }),
          makeAudit("task.moved", { data: { to: "done" } }),
        ],
      },
    },
    "I3: 1#5 had the live tasks 1.5.1 and 1.5.2 at once",
  ],
  [
    "I4",
    { history: [dispatch(90), dispatch(91)], rows: { tasks: [makeTask()], attempts: [makeAttempt()] } },
    "I4: attempt 1.5.1.1.0.0 has the surplus run 91, which goes on",
  ],
  [
    "I4",
    { rows: { tasks: [makeTask()], attempts: [makeAttempt(), makeAttempt({ correlation: "1.5.1.2.0.0" })] } },
    "I4: run 90 is adopted by several attempts",
  ],
  [
    "I5",
    { history: [comment(1), comment(2)] },
    "I5: comment on #5 with <!-- orchestrator:comment key=1:status:5 --> was made twice",
  ],
  [
    "I5",
    { history: [openCheck(), openCheck()], rows: { tasks: [makeTask()] } },
    'I5: check "orchestrator / verify" of aaa for 1:verify:aaa was made twice',
  ],
  [
    "I5",
    {
      history: [1, 2].map((number) =>
        makeWrite("POST", "/repos/{owner}/{repo}/pulls", { body: { head: "fix/5" }, answer: { number } }),
      ),
    },
    "I5: pull request of fix/5 was made twice",
  ],
  [
    "I5",
    {
      history: [1, 2].map(() =>
        makeWrite("PUT", "/repos/{owner}/{repo}/pulls/{pull_number}/merge", { params: { pull_number: "9" } }),
      ),
    },
    "I5: merge of #9 was made twice",
  ],
  [
    "I6",
    { exchanges: [seenHead("bbb"), greenCheck], rows: { audit: [passed("aaa")] } },
    "I6: aaa passes, though it was never seen as a head",
  ],
  ["I6", { exchanges: [seenHead("aaa"), greenCheck] }, "I6: aaa passes without a verdict in the audit"],
  [
    "I6",
    {
      exchanges: [
        seenHead("aaa"),
        makeExchange("PUT", "/repos/{owner}/{repo}/pulls/{pull_number}/merge", {
          requestBody: { sha: "aaa" },
        }),
      ],
    },
    "I6: aaa passes without a verdict in the audit",
  ],
  ["I7", { history: [openCheck()] }, "I7: check 33 for 1:verify:aaa never ends"],
  [
    "I7",
    { history: [openCheck()], rows: { tasks: [makeTask({ head_sha: "bbb" })] } },
    "I7: check 33 for 1:verify:aaa never ends",
  ],
  ["I8", { rows: { tasks: [makeTask({ wake_at: null })] } }, "I8: task 1.5.1 is running without a deadline"],
  [
    "I8",
    { rows: { pulls: [makePull({ wake_at: null })] } },
    "I8: pull request 1.9 is open without a deadline",
  ],
  [
    "I8",
    { rows: { tasks: [makeTask({ state: "done" })], attempts: [makeAttempt()] } },
    "I8: attempt 1.5.1.1.0.0 is running, but its task has ended",
  ],
  [
    "I11",
    { history: [comment(1, { early: true })] },
    `I11: POST ${COMMENTS} came before the time that GitHub had named`,
  ],
  [
    "I11",
    {
      history: Array.from({ length: 81 }, (_, id) =>
        comment(id, {
          at: new Date(AT + id * 700).toISOString(),
          body: { body: marked("reply", `1:seen:${id}`) },
        }),
      ),
    },
    "I11: installation 7: more than 80 content writes within one minute",
  ],
  [
    "I11",
    {
      history: Array.from({ length: 501 }, (_, id) =>
        comment(id, {
          at: new Date(AT + id * 7_000).toISOString(),
          body: { body: marked("reply", `1:seen:${1000 + id}`) },
        }),
      ),
    },
    "I11: installation 7: more than 500 content writes within one hour",
  ],
  ["I13", { texts: [{ where: "the log", text: 'token="canary-1234"' }] }, "I13: the log holds a secret"],
  [
    "I13",
    { history: [comment(1, { body: { body: `${marked("comment", "a")} canary-1234` } })] },
    `I13: POST ${COMMENTS} holds a secret`,
  ],
  [
    "I15",
    { rows: { audit: [makeAudit("task.created", { actor: "other[bot]" })] } },
    "I15: task.created by other[bot]",
  ],
  [
    "I15",
    { history: [comment(1), comment(2, { body: { body: marked("reply", "1:reply:1") } })] },
    "I15: comment 1 of the app was answered by the app",
  ],
];

describe("the invariants", () => {
  it.each(VIOLATIONS)("%s is found violated in a planted history (%#)", (_name, planted, says) => {
    const problems = checkInvariants(makeEvidence(planted));

    expect(problems).toContain(says);
  });

  it("are each violated by one of these histories", () => {
    expect(new Set(VIOLATIONS.map(([name]) => name))).toEqual(new Set(Object.keys(INVARIANTS)));
  });

  it("hold where nothing is wrong", () => {
    const deleted = makeWrite("DELETE", "/repos/{owner}/{repo}/issues/comments/{comment_id}", {
      actor: "user",
      params: { comment_id: "1" },
    });
    const closedCheck = makeWrite("PATCH", CHECK, {
      params: { check_run_id: "33" },
      body: { status: "completed", conclusion: "success" },
    });

    const problems = checkInvariants(
      makeEvidence({
        history: [
          makeDelivery("a"),
          makeDelivery("a"),
          makeDelivery("b", 503),
          dispatch(90),
          comment(1),
          deleted,
          comment(2),
          comment(3, { applied: false }),
          openCheck(),
          closedCheck,
        ],
        exchanges: [seenHead("aaa"), greenCheck],
        rows: {
          deliveries: [{ guid: "a", status: "processed" }],
          tasks: [makeTask(), makeTask({ id: "1.6.1", issue: 6, state: "done", wake_at: null })],
          attempts: [makeAttempt()],
          audit: [makeAudit("task.created"), passed("aaa")],
        },
        texts: [{ where: "the log", text: "nothing" }],
      }),
    );

    expect(problems).toEqual([]);
  });

  it.each([
    ["a task's", { tasks: [makeTask({ head_sha: "aaa" })] }],
    ["a person's pull request's", { pulls: [makePull()] }],
  ])("allow a check that waits while it is %s and that is looked at again", (_, rows) => {
    expect(checkInvariants(makeEvidence({ history: [openCheck()], rows }))).toEqual([]);
  });

  it("allow a bot that the configuration names", () => {
    const rows = { audit: [makeAudit("task.created", { actor: "other[bot]" })] };

    expect(checkInvariants(makeEvidence({ rows, allowedBots: new Set(["other[bot]"]) }))).toEqual([]);
  });
});
