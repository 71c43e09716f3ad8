import { type Lines, replay, type WriteLine } from "./read-history.ts";

interface OpenPull {
  readonly branch: string;
  /** The task that it was opened for; empty for what no task made. */
  readonly taskId: string;
  head: string;
}

/** GitHub as it stands at the end. */
export interface Standing {
  /** Runs that go on, by their attempt. */
  readonly liveRuns: ReadonlyMap<string, readonly number[]>;
  /** Runs that a runner has taken. */
  readonly begun: ReadonlySet<number>;
  readonly openPulls: ReadonlyMap<number, OpenPull>;
  readonly goneIssues: ReadonlySet<number>;
  readonly labels: ReadonlyMap<number, readonly string[]>;
  /** Issues of which people took off what shows their task's state. */
  readonly stripped: ReadonlySet<number>;
  readonly closedIssues: ReadonlySet<number>;
  /** What the comments of the app say that are there, by their key. */
  readonly comments: ReadonlyMap<string, string>;
}

/** Puts together how GitHub stands at the end from what was done to it. */
export function readStanding(lines: Lines): Standing {
  const liveRuns = new Map<number, string>();
  const openPulls = new Map<number, OpenPull>();
  const allPulls = new Map<number, OpenPull>();
  const goneIssues = new Set<number>();
  const stripped = new Set<number>();
  const heads = new Map<string, string>();
  const labels = new Map<number, readonly string[]>();
  const closedIssues = new Set<number>();
  const comments = new Map<number, { readonly key: string; readonly body: string }>();
  const begun = new Set<number>();
  const say = ({ comment, key, body }: WriteLine<"comment.create">["write"]) =>
    comments.set(comment, { key, body });
  replay(lines, {
    writes: {
      "run.start": ({ run, correlation }) => liveRuns.set(run, correlation),
      "run.cancel": ({ run }) => liveRuns.delete(run),
      push: ({ branch, sha }) => heads.set(branch, sha),
      "pull.open": ({ pull, branch }, { key }) => {
        const taskId = /:publish:(\d+\.\d+\.\d+)/u.exec(key)?.[1] ?? "";
        const opened = { branch, taskId, head: heads.get(branch) ?? "" };
        openPulls.set(pull, opened);
        // Whoever opens it again has a use for it that is not the task's.
        allPulls.set(pull, { ...opened, taskId: "" });
      },
      "pull.close": ({ pull }) => openPulls.delete(pull),
      "pull.merge": ({ pull }) => openPulls.delete(pull),
      labels: ({ issue, labels: now }) => labels.set(issue, now),
      "issue.close": ({ issue }) => closedIssues.add(issue),
      "comment.create": say,
      "comment.edit": say,
    },
    deeds: {
      "run.doubled": ({ run, correlation }) => liveRuns.set(run, correlation),
      "run.begun": ({ run }) => begun.add(run),
      "run.ended": ({ run }) => liveRuns.delete(run),
      pushed: ({ branch, sha }) => heads.set(branch, sha),
      "pull.closed": ({ pull }) => openPulls.delete(pull),
      "pull.merged": ({ pull }) => openPulls.delete(pull),
      "pull.reopened": ({ pull }) => {
        const known = allPulls.get(pull);
        if (known !== undefined) openPulls.set(pull, known);
      },
      "issue.gone": ({ issue }) => goneIssues.add(issue),
      unlabeled: ({ issue, label }) => {
        labels.set(
          issue,
          (labels.get(issue) ?? []).filter((known) => known !== label),
        );
        if (label.includes(":")) stripped.add(issue);
      },
      "issue.closed": ({ issue }) => closedIssues.add(issue),
      "comment.deleted": ({ comment }) => comments.delete(comment),
    },
  });
  for (const pull of openPulls.values()) pull.head = heads.get(pull.branch) ?? pull.head;
  const byCorrelation = Map.groupBy(liveRuns, ([, correlation]) => correlation);
  return {
    liveRuns: new Map([...byCorrelation].map(([key, found]) => [key, found.map(([run]) => run)])),
    begun,
    openPulls,
    goneIssues,
    stripped,
    labels,
    closedIssues,
    comments: new Map([...comments.values()].map(({ key, body }) => [key, body])),
  };
}
