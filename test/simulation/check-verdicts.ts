import { MAIN } from "../../src/simulation/world/world.ts";
import { PROTECTED } from "../../src/simulation/world/write-result.ts";
import { configsAt } from "./configs-in-force.ts";
import {
  auditOf,
  deedsOf,
  type Lines,
  replay,
  VERIFY_CHECK,
  type WriteLine,
  writesOf,
} from "./read-history.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

type CheckWrite = WriteLine<"check.create">["write"];
type Sent = Pick<WriteLine<"check.create">, "sentAt">;
type MergeWrite = WriteLine<"pull.merge">["write"];

/** I6: PASS and a merge are of exactly the commit that was judged, that the app made itself, and that its checks have passed. */
export function findGroundlessVerdicts(lines: Lines): readonly string[] {
  const problems: string[] = [];
  /** Until when a commit's verdict was PASS: what was sent by then says what held when it was sent. */
  const passed = new Map<string, number>();
  const wasPassed = (sha: string, at: number) => (passed.get(sha) ?? Number.NEGATIVE_INFINITY) >= at;
  const own = new Set<string>();
  const ended = new Map<string, string>();
  const isOverridden = deedsOf(lines, "commented").some(({ deed }) => deed.body.includes("override"));
  const judge = (rows: readonly (readonly [boolean, string])[]) =>
    problems.push(...rows.flatMap(([isRight, problem]) => (isRight ? [] : [problem])));
  const seeCheck = ({ name, conclusion, sha }: CheckWrite, { sentAt }: Sent) => {
    if (name !== VERIFY_CHECK || conclusion !== "success") return;
    judge([
      // What is written is what was wanted when the try began, a moment before the request.
      [wasPassed(sha, sentAt - SECOND_MS), `PASS is shown on ${sha}, which was not judged so`],
      [own.has(sha), `PASS is shown on ${sha}, which is not the app's`],
      [isOverridden || ended.get(sha) === "success", `PASS is shown on ${sha}, whose check did not succeed`],
    ]);
  };
  const seeMerge = ({ asked, head, base, pull }: MergeWrite, { sentAt }: Sent) =>
    judge([
      [base === MAIN, `pull request ${pull} was merged into ${base}, which it was not made for`],
      [asked === head, `pull request ${pull} was merged without naming its head`],
      [wasPassed(head, sentAt), `${head} was merged without PASS`],
      [own.has(head), `${head}, which is not the app's, was merged by it`],
    ]);
  replay(lines, {
    writes: {
      push: ({ sha, paths }) => {
        own.add(sha);
        const isOver = paths.some((path) => path.startsWith(PROTECTED));
        judge([[!isOver, `${sha}, which changes what no task may, was pushed`]]);
      },
      "check.create": seeCheck,
      "check.update": seeCheck,
      "pull.merge": seeMerge,
    },
    deeds: { "check.ended": ({ sha, conclusion }) => ended.set(sha, conclusion) },
    audit: {
      "verdict.reached": ({ data }, at) => {
        const sha = String(data.sha);
        if (data.verdict === "PASS") passed.set(sha, Number.POSITIVE_INFINITY);
        else passed.set(sha, Math.min(at, passed.get(sha) ?? Number.NEGATIVE_INFINITY));
      },
    },
  });
  return [...problems, ...findUnproved(lines), ...findUnapproved(lines)];
}

/** An attempt passes by what a run proves that is its own, and by nothing else. */
function findUnproved(lines: Lines): readonly string[] {
  const proving = new Set<number>();
  const ended = new Set<number>();
  const problems: string[] = [];
  replay(lines, {
    deeds: {
      "run.ended": ({ run, proves }) => {
        ended.add(run);
        if (proves) proving.add(run);
      },
    },
    audit: {
      "attempt.judged": ({ data }) => {
        if (data.verdict === "PASS" && !proving.has(Number(data.runId)))
          problems.push(`run ${data.runId} was judged PASS, which proves nothing`);
        if (!ended.has(Number(data.runId))) problems.push(`run ${data.runId} was judged before it ended`);
      },
    },
  });
  return problems;
}

/** Where approvals are asked for, people other than whoever asked gave them for this very commit. */
function findUnapproved(lines: Lines): readonly string[] {
  const approvals = deedsOf(lines, "commented").filter(({ deed }) =>
    deed.body.includes("/orchestrate approve "),
  );
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
    return people.size >= needed
      ? []
      : [`${write.head} was merged with ${people.size} of ${needed} approvals`];
  });
}

const WRITERS: ReadonlySet<string> = new Set(["robin", "alice", "bob", "carol"]);
