import type { EventOf } from "../../events.ts";
import { roadmapIssueText } from "../../messages/roadmap/roadmap-issue.ts";
import { findEntry, type RoadmapEntry, type RoadmapRecord, withEntry } from "../../roadmap/roadmap-record.ts";
import { isTerminal } from "../../task/task.ts";
import type { Draft } from "../draft.ts";
import { startTask } from "../events/plan-intake.ts";
import { triggerLabel } from "../repository/repository-view.ts";
import { ownActor } from "./own-actor.ts";

type Settled = EventOf<"effect.settled">;

/** GitHub has opened an issue of the roadmap, or refused to. Its label starts the work: our own label comes back as no event. */
export function takeOpenedIssue(draft: Draft, event: Settled): void {
  const record = draft.view.record.stored.roadmap;
  const id = event.key.split(":")[2];
  const { outcome } = event;
  if (record === undefined || id === undefined || findEntry(record, id)?.state !== "ordered")
    return closeSurplus(draft, event);
  draft.conclude("processed", `issue of the roadmap ${outcome.kind}`);
  if (outcome.kind === "refused") return refuse(draft, record, { id, outcome });
  const { issue, state, reason, url, isLabelled } = outcome.facts;
  if (typeof issue !== "number") return;
  const isDone = state === "closed" && reason !== "not_planned" && reason !== "duplicate";
  const now: RoadmapEntry["state"] = state !== "closed" ? "open" : isDone ? "done" : "closed";
  const evidence = isDone && typeof url === "string" ? url : null;
  save(draft, withEntry(record, id, { issue, state: now, evidence }));
  draft.audit("roadmap.issue-opened", { data: { roadmapId: id, issue, state: now } });
  if (now === "open" && isLabelled === 1) handOver(draft, id, issue);
}

/** Somebody was faster and handed another issue over for the same task: one of them is enough. */
function closeSurplus(draft: Draft, { outcome, key }: Settled): void {
  draft.conclude("processed", "nothing waits for this issue");
  if (outcome.kind !== "done" || typeof outcome.facts.issue !== "number") return;
  const { issue } = outcome.facts;
  const isUsed = Object.values(draft.view.record.stored.roadmap?.entries ?? {}).some(
    (known) => known.issue === issue,
  );
  if (isUsed) return;
  draft.act(
    `close-surplus:${key}`,
    { kind: "close-issue", issue, reason: "not_planned" },
    { subject: `issue:${issue}`, taskId: null },
  );
}

function refuse(
  draft: Draft,
  record: RoadmapRecord,
  {
    id,
    outcome,
  }: { readonly id: string; readonly outcome: Extract<Settled["outcome"], { kind: "refused" }> },
): void {
  const { status, message: why } = outcome;
  draft.audit("effect.refused", { data: { roadmapId: id, status, message: why } });
  save(draft, withEntry(record, id, { state: "refused", refusal: { at: draft.now, why } }));
}

function handOver(draft: Draft, id: string, issue: number): void {
  const { roadmap, config } = draft.view;
  const entry = roadmap?.tasks.find((known) => known.id === id);
  const isLive = draft.focus?.issue === issue && !isTerminal(draft.focus);
  if (entry === undefined || config === null || isLive) return;
  const label = triggerLabel(config);
  const request = {
    issue,
    requestedBy: ownActor(draft),
    trigger: "label",
    ...roadmapIssueText(entry, null),
    labels: [label],
    origin: "roadmap",
  } as const;
  startTask(draft, request);
}

function save(draft: Draft, roadmap: RoadmapRecord): void {
  const { stored, status } = draft.view.record;
  draft.saveRepository({ ...stored, roadmap }, status);
}
