import { listCommits } from "../../../src/sandbox/git/history.ts";
import { listBranches } from "../../../src/sandbox/git/refs.ts";
import type { HistoryEntry } from "../check-invariants.ts";
import { listWrites } from "../check-invariants.ts";
import { issueOfBranch } from "./interventions.ts";
import { LIMITS, TEAM_OF } from "./load-repository.ts";
import { isAtEnd, type LoadStage, nameOf, type Place } from "./load-stage.ts";

type Write = ReturnType<typeof listWrites>[number];

const DISPATCH = "POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches";
const CANCEL = "POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel";
const MERGE = "PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge";

/** A run that the app started, from its dispatch to its end, to its cancellation, or to when its issue was taken back. */
interface Occupation {
  readonly place: Place;
  readonly attempt: number;
  readonly correlation: string;
  readonly from: number;
  readonly to: number;
}

/** Everything that is not as planned, one sentence each. */
export function judgeLoad(stage: LoadStage): readonly string[] {
  const writes = listWrites(stage.sandbox.control.history() as readonly HistoryEntry[]);
  const occupations = listOccupations(stage, writes);
  return [
    ...stage.places.flatMap((place) => findWrongEnd(stage, place)),
    ...stage.places.flatMap((place) => findWrongAttempts(place, occupations)),
    ...stage.places.flatMap((place) => findWrongComments(stage, place)),
    ...findRefusals(stage),
    ...findStrayWrites(stage, writes),
    ...findStrayBranches(stage),
    ...findExceededLimits(occupations),
    ...findSharedPaths(occupations),
  ];
}

function describe({ repo, number, issue }: Place): string {
  return `${nameOf(repo)}#${number} "${issue.title}"`;
}

function fieldOf(body: unknown, name: string): unknown {
  return typeof body === "object" && body !== null
    ? Object.entries(body).find(([key]) => key === name)?.[1]
    : undefined;
}

function isRoute(write: Write, route: string): boolean {
  return `${write.method} ${write.path}` === route;
}

function isOurs(write: Write): boolean {
  return write.actor === "installation";
}

function listOccupations(stage: LoadStage, writes: readonly Write[]): readonly Occupation[] {
  return writes
    .filter((write) => isOurs(write) && isRoute(write, DISPATCH))
    .flatMap((write) => {
      const inputs = fieldOf(write.body, "inputs");
      const task = String(fieldOf(inputs, "task"));
      const place = stage.places.find(({ repo, number }) => task === `${repo.id}.${number}.1`);
      if (place === undefined) return [];
      return [
        {
          place,
          attempt: Number(fieldOf(inputs, "attempt")),
          correlation: String(fieldOf(inputs, "correlation")),
          from: Date.parse(write.at),
          to: findRelease(place, writes, write.answer.workflow_run_id ?? 0),
        },
      ];
    });
}

/** When a run stopped to hold a place: when it ended, when it was told to, or when people took its issue back. */
function findRelease(place: Place, writes: readonly Write[], runId: number): number {
  const run = place.repo.runs.get(runId);
  const ended = run?.status === "completed" ? run.updatedAt.getTime() : Number.POSITIVE_INFINITY;
  const cancelled = writes
    .filter((write) => isRoute(write, CANCEL) && Number(write.params.run_id) === runId)
    .map((write) => Date.parse(write.at));
  const withdrawn =
    place.issue.ends.state === "cancelled"
      ? listDeeds(writes, place).map((write) => Date.parse(write.at))
      : [];
  return Math.min(ended, ...cancelled, ...withdrawn.slice(-1));
}

/** What people did about an issue since it was handed over. */
function listDeeds(writes: readonly Write[], { repo, number }: Place): readonly Write[] {
  const isAbout = (write: Write) =>
    write.actor === "user" &&
    write.repositoryId === repo.id &&
    (Number(write.params.issue_number) === number || isOfTask(write, { repo, number }));
  const about = writes.filter(isAbout);
  const handedOver = about.findIndex((write) => write.path.endsWith("/labels"));
  return about.slice(handedOver + 1);
}

/** Whether a person's write is about a run or a pull request of the issue. */
function isOfTask({ params }: Write, { repo, number }: Pick<Place, "repo" | "number">): boolean {
  const run = repo.runs.get(Number(params.run_id));
  const pull = repo.pulls.get(Number(params.pull_number));
  return (
    run?.inputs.task === `${repo.id}.${number}.1` ||
    (pull !== undefined && issueOfBranch(pull.headRef) === number)
  );
}

function findWrongEnd(stage: LoadStage, place: Place): readonly string[] {
  if (isAtEnd(stage, place)) return [];
  const labels = [...(place.repo.issues.get(place.number)?.labels ?? [])].join(", ");
  const status = stage
    .statusOf(place)
    .replace(/<!--[\s\S]*?-->\n?/u, "")
    .trim()
    .slice(0, 600);
  return [`${describe(place)} is not ${place.issue.ends.state}; its labels are ${labels}: ${status}`];
}

function findWrongAttempts(place: Place, occupations: readonly Occupation[]): readonly string[] {
  const own = occupations.filter((one) => one.place === place);
  const [least, most] = place.issue.attempts;
  const attempts = new Set(own.map(({ attempt }) => attempt)).size;
  const sent = Map.groupBy(own, ({ correlation }) => correlation);
  return [
    ...(attempts < least || attempts > most
      ? [`${describe(place)} took ${attempts} attempts, not ${least} to ${most}`]
      : []),
    ...[...sent]
      .filter(([, dispatches]) => dispatches.length > 1)
      .map(([correlation]) => `${describe(place)} was dispatched twice as ${correlation}`),
  ];
}

/** One status comment, and one answer to each command. */
function findWrongComments(stage: LoadStage, place: Place): readonly string[] {
  const statuses = stage.statusesOf(place).length;
  const comments = stage.commentsOf(place);
  const commands = comments.filter(({ appId, body }) => appId === null && body.startsWith("/orchestrate"));
  const answers = commands.map(
    ({ id }) => comments.filter(({ appId, body }) => appId !== null && body.includes(`:reply:${id} `)).length,
  );
  return [
    ...(statuses === 1 ? [] : [`${describe(place)} has ${statuses} status comments`]),
    ...answers
      .filter((count) => count !== 1)
      .map((count) => `a command on ${describe(place)} got ${count} answers`),
  ];
}

/** What the app was refused for having asked or written too much. */
function findRefusals({ sandbox }: LoadStage): readonly string[] {
  return sandbox.control
    .history()
    .filter(({ actor, limited }) => actor === "installation" && limited !== undefined)
    .map(({ method, realPath, limited }) => `${method} ${realPath} exceeded the ${limited} limit`);
}

const REF_ROUTES: Readonly<Record<string, (write: Write) => string>> = {
  "POST /repos/{owner}/{repo}/git/refs": ({ body }) => String(fieldOf(body, "ref")).replace(/^refs\//u, ""),
  "PATCH /repos/{owner}/{repo}/git/refs/{ref}": ({ params }) => params.ref ?? "",
  "DELETE /repos/{owner}/{repo}/git/refs/{ref}": ({ params }) => params.ref ?? "",
};
/** Ways to move a branch that the app has no reason to use. */
const FORBIDDEN = /\/(?:contents\/|merges$|merge-upstream$|branches\/)/u;

/** Writes of the app that move a branch which is not its own, and merges that do not say of which commit. */
function findStrayWrites(stage: LoadStage, writes: readonly Write[]): readonly string[] {
  return writes.filter(isOurs).flatMap((write) => {
    const route = `${write.method} ${write.path}`;
    const name = `${write.method} ${write.realPath}`;
    if (FORBIDDEN.test(write.realPath)) return [`${name} is not for the app`];
    if (route === MERGE && !/^[0-9a-f]{40}$/u.test(String(fieldOf(write.body, "sha"))))
      return [`${name} names no commit`];
    const ref = REF_ROUTES[route]?.(write);
    if (ref === undefined || isOwnBranch(stage, write.repositoryId, ref.replace(/^heads\//u, ""))) return [];
    return [`${name} touches the branch ${ref}`];
  });
}

/** Whether a branch has the prefix of the role that works on the issue it names. */
function isOwnBranch({ places }: LoadStage, repositoryId: number | null, branch: string): boolean {
  const place = places.find(
    ({ repo, number }) => repo.id === repositoryId && number === issueOfBranch(branch),
  );
  return place !== undefined && branch.startsWith(`${TEAM_OF[place.issue.label].prefix}${place.number}-`);
}

/** Branches that are nobody's, and commits of the default branch that no merged pull request left. */
function findStrayBranches(stage: LoadStage): readonly string[] {
  const repos = new Set(stage.places.map(({ repo }) => repo));
  return [...repos].flatMap((repo) => {
    const stray = listBranches(repo.gitDir)
      .map(({ name }) => name)
      .filter((name) => name !== repo.defaultBranch && !isOwnBranch(stage, repo.id, name));
    const merged = new Set([...repo.pulls.values()].map(({ mergeCommitSha }) => mergeCommitSha));
    const commits = listCommits({ gitDir: repo.gitDir, to: `refs/heads/${repo.defaultBranch}`, max: 1_000 });
    const pushed = commits.slice(0, -1).filter((sha) => !merged.has(sha));
    return [
      ...stray.map((name) => `${nameOf(repo)} has the stray branch ${name}`),
      ...pushed.map((sha) => `${sha} came to ${repo.defaultBranch} of ${nameOf(repo)} by no merge`),
    ];
  });
}

/** Moments at which more tasks were running than allowed, by repository and by team. */
function findExceededLimits(occupations: readonly Occupation[]): readonly string[] {
  const teamOf = ({ place }: Occupation) => TEAM_OF[place.issue.label].team;
  return occupations.flatMap((begun) => {
    const beside = occupations.filter(
      (one) => one.place.repo === begun.place.repo && one.from <= begun.from && begun.from < one.to,
    );
    const running = countTasks(beside);
    const ofTeam = countTasks(beside.filter((one) => teamOf(one) === teamOf(begun)));
    const most = LIMITS.perTeam[teamOf(begun)];
    const moment = `when ${begun.correlation} began (${beside.map(({ correlation }) => correlation).join(", ")})`;
    return [
      ...(running > LIMITS.running ? [`${running} of ${LIMITS.running} tasks ran ${moment}`] : []),
      ...(ofTeam > most ? [`${ofTeam} of ${most} tasks of team ${teamOf(begun)} ran ${moment}`] : []),
    ];
  });
}

function countTasks(occupations: readonly Occupation[]): number {
  return new Set(occupations.map(({ place }) => place)).size;
}

/** Tasks that said they work on the same paths, and ran beside each other. */
function findSharedPaths(occupations: readonly Occupation[]): readonly string[] {
  const sharing = occupations.filter(({ place }) => place.issue.paths !== undefined);
  return sharing.flatMap((one) =>
    sharing
      .filter((other) => other.place.repo === one.place.repo && other.place.number > one.place.number)
      .filter((other) => one.from < other.to && other.from < one.to)
      .map((other) => `${describe(one.place)} and ${describe(other.place)} worked on the same path at once`),
  );
}

/** How many of the tasks that have finished did so without anything that a person did after the hand-over. */
export function measureAutonomy(stage: LoadStage): { readonly finished: number; readonly alone: number } {
  const writes = listWrites(stage.sandbox.control.history() as readonly HistoryEntry[]);
  const finished = stage.places.filter(({ issue }) =>
    ["done", "failed", "cancelled"].includes(issue.ends.state),
  );
  const alone = finished.filter((place) => listDeeds(writes, place).length === 0);
  return { finished: finished.length, alone: alone.length };
}

/** How often tasks that were ready ran beside each other at most, by the history. */
export function measureMostAtOnce(stage: LoadStage): number {
  const writes = listWrites(stage.sandbox.control.history() as readonly HistoryEntry[]);
  const occupations = listOccupations(stage, writes);
  return Math.max(
    0,
    ...occupations.map(({ from }) =>
      countTasks(occupations.filter((one) => one.from <= from && from < one.to)),
    ),
  );
}
