import { setTimeout as wait } from "node:timers/promises";
import type { Sandbox } from "../../../src/sandbox/create-sandbox.ts";
import type { Comment, Repo } from "../../../src/sandbox/world/records.ts";
import { type PlannedIssue, writeIssue } from "./planned-issues.ts";

/** A repository of the local GitHub and what is planned for it; issue numbers are places in the list, from 1. */
export interface PlannedRepository {
  readonly repo: Repo;
  readonly issues: readonly PlannedIssue[];
}

/** One planned issue where it lies. */
export interface Place {
  readonly repo: Repo;
  readonly number: number;
  readonly issue: PlannedIssue;
}

export type LoadStage = ReturnType<typeof createLoadStage>;

/** Who hands the work over, and who else looks at it. */
export const REQUESTER = "mia";
export const REVIEWER = "max";

const LOOK_MS = 200;

/** People's hands and eyes in a local GitHub: they write through the API and look at what is there. */
export function createLoadStage({
  sandbox,
  repositories,
  appId,
  signal,
}: {
  readonly sandbox: Sandbox;
  readonly repositories: readonly PlannedRepository[];
  readonly appId: number;
  /** Aborted when nobody waits any longer. */
  readonly signal: AbortSignal;
}) {
  const tokens = new Map<string, string>();
  for (const login of [REQUESTER, REVIEWER]) {
    tokens.set(login, sandbox.control.createUser(login));
    for (const { repo } of repositories)
      sandbox.control.setRole({ repository: nameOf(repo), login, role: "write" });
  }
  const places: readonly Place[] = repositories.flatMap(({ repo, issues }) =>
    issues.map((issue, index) => ({ repo, number: index + 1, issue })),
  );

  async function ask(login: string, request: string, body?: object): Promise<unknown> {
    const [method = "GET", path = ""] = request.split(" ");
    const response = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: { authorization: `token ${tokens.get(login)}`, "user-agent": "people" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${request} was answered with ${response.status}: ${text}`);
    return text === "" ? null : JSON.parse(text);
  }

  function commentsOf({ repo, number }: Place): readonly Comment[] {
    return [...repo.comments.values()].filter((comment) => comment.issueNumber === number);
  }

  function statusesOf(place: Place): readonly string[] {
    return commentsOf(place)
      .filter((comment) => comment.appId === appId && comment.body.includes(`:status:${place.number} `))
      .map((comment) => comment.body);
  }

  return {
    sandbox,
    places,
    ask,
    commentsOf,
    statusesOf,
    statusOf: (place: Place): string => statusesOf(place)[0] ?? "",
    issuePath: ({ repo, number }: Place): string => `/repos/${nameOf(repo)}/issues/${number}`,
    /** Opens every issue, in the order of the plan, without handing one over. */
    async openIssues(): Promise<void> {
      for (const { repo, issues } of repositories) {
        const numberOf = (title: string) => issues.findIndex((issue) => issue.title === title) + 1;
        for (const issue of issues) {
          const body = writeIssue(issue, numberOf);
          await ask(REQUESTER, `POST /repos/${nameOf(repo)}/issues`, {
            title: issue.title,
            body,
            labels: [issue.label],
          });
        }
      }
    },
    async handOver(place: Place): Promise<void> {
      await ask(REQUESTER, `POST /repos/${nameOf(place.repo)}/issues/${place.number}/labels`, {
        labels: ["autopilot"],
      });
    },
    /** Writes a command and answers with the comment's id. */
    async command(login: string, place: Place, line: string): Promise<number> {
      const path = `/repos/${nameOf(place.repo)}/issues/${place.number}/comments`;
      const { id } = (await ask(login, `POST ${path}`, { body: line })) as { readonly id: number };
      return id;
    },
    /** What the app answered to a comment. */
    replyTo: (place: Place, commentId: number): string | undefined =>
      commentsOf(place).find(
        (comment) => comment.appId === appId && comment.body.includes(`:reply:${commentId} `),
      )?.body,
    async until<T>(look: () => T | undefined): Promise<T> {
      for (;;) {
        const found = look();
        if (found !== undefined) return found;
        await wait(LOOK_MS, undefined, { signal });
      }
    },
  };
}

export function nameOf({ owner, name }: Repo): string {
  return `${owner.login}/${name}`;
}

/** Whether an issue has come to rest as planned, by what people see: its label and its status comment. */
export function isAtEnd(stage: LoadStage, place: Place): boolean {
  const { state, reason } = place.issue.ends;
  const labels = place.repo.issues.get(place.number)?.labels;
  const status = stage.statusOf(place);
  const isShown = labels?.has(`autopilot:${state}`) === true && status.includes(`**${state}**`);
  return isShown && (reason === undefined || status.includes(`\`${reason}\``));
}
