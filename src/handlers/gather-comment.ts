import { mentionsPrefix } from "../core/commands/find-lines.ts";
import { findKnown, isHere } from "../core/commands/find-task.ts";
import { targetsOf } from "../core/commands/parse-commands.ts";
import { listCommands } from "../core/commands/run-commands.ts";
import type { EventOf } from "../core/events.ts";
import type { IssueNow } from "../core/facts.ts";
import type { Gathered } from "../core/plan/gathered.ts";
import { viewRepository } from "../core/plan/repository/repository-view.ts";
import { liveFocus, type Snapshot } from "../core/plan/snapshot.ts";
import { awaitsText } from "../core/plan/task/refresh-text.ts";
import { type Dependency, isTerminal, type Task } from "../core/task/task.ts";
import { readSessions } from "./gather-history.ts";
import { readIssueDependencies } from "./gather-issues.ts";
import type { Readers } from "./readers.ts";

interface Reading {
  readonly event: EventOf<"comment.created">;
  readonly snapshot: Snapshot;
  readonly readers: Readers;
}

const MAX_TARGETS = 10;

export async function readComment({ event, snapshot, readers }: Reading): Promise<Gathered> {
  if (!mentionsPrefix(event.body)) return {};
  const permission = await readers.issues.permissionOf(event.repo, event.sender.login);
  const targets = new Map<number, { readonly task: Task; readonly position: number | null }>();
  for (const number of targetsOf(event.body).slice(0, MAX_TARGETS)) {
    const found = await readers.ledger.taskOfIssue(event.repo.id, number);
    if (found !== null) targets.set(number, found);
  }
  const commands = listCommands(event.body);
  const verbs = new Set(commands.map(({ verb }) => verb));
  const live = liveFocus(snapshot);
  const texts = await readTexts({ event, snapshot, readers }, { commands, targets });
  const sessions = verbs.has("report") ? await readSessions({ event, snapshot, readers }) : {};
  const known = { ...texts, ...sessions };
  const starts = verbs.has("run") && live === null && !event.isPull;
  if (!starts) return { ...known, permission, targets };
  const issue = (await readers.issues.issue(event.repo, event.issue)) ?? null;
  const dependencies = issue === null ? [] : await readIssueDependencies(event, issue.body, readers);
  return { ...known, permission, targets, issue, dependencies };
}

interface Asked {
  readonly commands: ReturnType<typeof listCommands>;
  readonly targets: NonNullable<Gathered["targets"]>;
}

/** The issues as whoever lets their tasks start or tries them again sees them; asked only where that is needed. */
async function readTexts(reading: Reading, asked: Asked): Promise<Pick<Gathered, "texts" | "needs">> {
  const { event, readers } = reading;
  const retried = listRetried(reading, asked);
  const tasks = [...listAllowed(reading, asked), ...retried];
  if (tasks.length === 0) return {};
  const texts = new Map<number, IssueNow | null>();
  for (const number of new Set(tasks.map(({ issue }) => issue)))
    texts.set(number, (await readers.issues.issue(event.repo, number)) ?? null);
  const needs = new Map<number, readonly Dependency[]>();
  for (const { issue } of retried.filter(awaitsText)) {
    const body = texts.get(issue)?.body;
    if (body === undefined || needs.has(issue)) continue;
    needs.set(issue, await readIssueDependencies({ repo: event.repo, issue }, body, readers));
  }
  return { texts, needs };
}

function listAllowed({ snapshot }: Reading, { commands, targets }: Asked): readonly Task[] {
  const { focus, repository } = snapshot;
  const isAsked = commands.some(({ verb }) => verb === "allow");
  if (!isAsked || !viewRepository(repository).governed) return [];
  const named = [...targets.values()].map(({ task }) => task);
  return [...(focus === null ? [] : [focus]), ...named].filter((task) => !isTerminal(task));
}

/** The tasks that a comment wants tried again; what is done is not. */
function listRetried({ event, snapshot }: Reading, { commands, targets }: Asked): readonly Task[] {
  const { active, queue, focus } = snapshot;
  return commands.flatMap(({ verb, args }) => {
    if (verb !== "retry") return [];
    const named = args.find((arg) => arg.kind === "issue");
    if (named !== undefined && !isHere(named, event.repo)) return [];
    const meant = { number: named?.number ?? event.issue, place: event.issue };
    const task = findKnown(meant, { live: [...active, ...queue], focus, targets });
    return task === null || task.state === "done" ? [] : [task];
  });
}
