import type { Config } from "../core/config/config.ts";
import type { Event, EventOf } from "../core/events.ts";
import type { Gathered } from "../core/plan/gathered.ts";
import { pullOfGroup } from "../core/plan/pull/take-group.ts";
import { viewRepository } from "../core/plan/repository/repository-view.ts";
import type { Snapshot } from "../core/plan/snapshot.ts";
import { groupId } from "../core/pull/pull.ts";
import { isTerminal, type Task } from "../core/task/task.ts";
import type { GroupRef, PullWanted } from "../ports/github.ts";
import type { Focus } from "../ports/ledger.ts";
import type { Readers } from "./readers.ts";

interface Reading<E extends Event = Event> {
  readonly event: E;
  readonly snapshot: Snapshot;
  readonly readers: Readers;
}

/** Reads the pull request that an event is about, as far as something is going to judge it. */
export async function readPull(reading: Reading): Promise<Gathered> {
  const { event, snapshot, readers } = reading;
  const task = snapshot.focus;
  if (task !== null && task.pull !== null && !isTerminal(task)) {
    const wanted = wantedForTask(task, snapshot);
    return { pull: (await readers.code.pull(event.repo, task.pull.number, wanted)) ?? null };
  }
  return event.kind === "pull.changed" ? readPersonPull({ ...reading, event }) : {};
}

/** Webhooks about a pull request that no gate looks at. */
const IRRELEVANT: ReadonlySet<string> = new Set(["labeled", "unlabeled", "assigned", "unassigned"]);

async function readPersonPull({
  event,
  snapshot,
  readers,
}: Reading<EventOf<"pull.changed">>): Promise<Gathered> {
  const config = configOf(snapshot);
  if (config === null && event.head !== undefined)
    return { isShown: await readers.ledger.isShown(event.repo.id, `verify:${event.head.sha}`) };
  if (config === null || !config.gates.people.verify || IRRELEVANT.has(event.action)) return {};
  // What an ended task left open needs approvals as if the task were still there.
  const isLeft = snapshot.focus?.pull?.number === event.pull;
  const wanted = wantedForPerson(config, isLeft);
  return { pull: (await readers.code.pull(event.repo, event.pull, wanted)) ?? null };
}

/** Reports and reviews are read only for a head that is going to be judged. */
function wantedForTask(task: Task, snapshot: Snapshot): PullWanted {
  const config = configOf(snapshot);
  const isJudged = task.state === "verifying" || task.state === "blocked";
  return {
    reports: isJudged ? reportsOf(config) : null,
    reviews: isJudged && config !== null,
    closes: false,
    owners: isJudged && config?.gates.owners === true,
  };
}

function wantedForPerson(config: Config, isLeft: boolean): PullWanted {
  const { people, owners } = config.gates;
  return {
    reports: reportsOf(config),
    reviews: isLeft || people.approvals > 0 || owners,
    closes: people.linkedIssue,
    owners,
  };
}

function reportsOf(config: Config | null): PullWanted["reports"] {
  const gates = config?.gates;
  return gates?.reports === undefined ? null : { ...gates.reports, checks: gates.checks.required };
}

/** The group's own record, and the pull request that it stands for. */
export function focusOfGroup({ headRef, sha }: EventOf<"group.requested">): Focus {
  const pull = pullOfGroup(headRef);
  return pull === null ? { by: "sha", sha } : { by: "pull", pull };
}

export async function readGroup({
  event,
  snapshot,
  readers,
}: Reading<EventOf<"group.requested" | "group.changed">>): Promise<Gathered> {
  const config = configOf(snapshot);
  const group = event.kind === "group.requested" ? refOfEvent(event) : refOfKnown(snapshot, event);
  if (config === null || group === null) return {};
  const wanted = { reports: reportsOf(config), reviews: false, closes: false, owners: false };
  return { pull: (await readers.code.group(event.repo, group, wanted)) ?? null };
}

function refOfEvent({ sha, headRef, baseRef, baseSha }: EventOf<"group.requested">): GroupRef | null {
  const number = pullOfGroup(headRef);
  return number === null ? null : { number, sha, headRef, baseRef, baseSha };
}

function refOfKnown({ pulls }: Snapshot, { repo, sha }: EventOf<"group.changed">): GroupRef | null {
  const known = pulls.find((pull) => pull.id === groupId(repo.id, sha) && pull.state === "open");
  if (known === undefined || known.baseSha === null) return null;
  const { number, headRef, baseRef, baseSha } = known;
  return { number, sha, headRef, baseRef, baseSha };
}

function configOf({ repository }: Snapshot): Config | null {
  return viewRepository(repository).config;
}
