import { mentionsPrefix } from "../core/commands/find-lines.ts";
import { targetsOf } from "../core/commands/parse-commands.ts";
import { verbsOf } from "../core/commands/run-commands.ts";
import type { EventOf } from "../core/events.ts";
import type { IssueNow } from "../core/facts.ts";
import type { Gathered } from "../core/plan/gathered.ts";
import { viewRepository } from "../core/plan/repository/repository-view.ts";
import { liveFocus, type Snapshot } from "../core/plan/snapshot.ts";
import { awaitsText } from "../core/plan/task/refresh-text.ts";
import { isTerminal, type Task } from "../core/task/task.ts";
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
  const verbs = verbsOf(event.body);
  const live = liveFocus(snapshot);
  const texts = verbs.has("allow") ? await readTexts({ event, snapshot, readers }, targets) : {};
  const sessions = verbs.has("report") ? await readSessions({ event, snapshot, readers }) : {};
  const known = { ...texts, ...sessions };
  const starts = verbs.has("run") && live === null && !event.isPull;
  const asksAnew = verbs.has("retry") && live !== null && awaitsText(live);
  if (!starts && !asksAnew) return { ...known, permission, targets };
  const issue = (await readers.issues.issue(event.repo, event.issue)) ?? null;
  const dependencies = issue === null ? [] : await readIssueDependencies(event, issue.body, readers);
  return { ...known, permission, targets, issue, dependencies };
}

/** The issues as whoever lets their tasks start sees them; asked only where that is needed. */
async function readTexts(
  { event, snapshot, readers }: Reading,
  targets: NonNullable<Gathered["targets"]>,
): Promise<Pick<Gathered, "texts">> {
  const { focus, repository } = snapshot;
  if (!viewRepository(repository).governed) return {};
  const tasks = [...(focus === null ? [] : [focus]), ...[...targets.values()].map(({ task }) => task)];
  const numbers = new Set(tasks.filter((task) => !isTerminal(task)).map(({ issue }) => issue));
  const texts = new Map<number, IssueNow | null>();
  for (const number of numbers) texts.set(number, (await readers.issues.issue(event.repo, number)) ?? null);
  return { texts };
}
