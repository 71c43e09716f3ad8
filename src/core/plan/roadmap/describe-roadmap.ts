import type { RoadmapOverview } from "../../messages/roadmap/roadmap-list.ts";
import { findEntry } from "../../roadmap/roadmap-record.ts";
import type { Draft } from "../draft.ts";
import { explainRoadmap } from "./explain-roadmap.ts";
import { startRecord } from "./follow-roadmap.ts";
import { countOpen } from "./order-issues.ts";

/** Everything there is to say about the roadmap in force; null when none is. */
export function describeRoadmap(draft: Draft): Omit<RoadmapOverview, "limit"> | null {
  const { roadmap, config, record: repository } = draft.view;
  if (roadmap === null || config === null) return null;
  const record = repository.stored.roadmap ?? startRecord(draft, roadmap);
  const counted = roadmap.tasks.filter(({ status }) => status !== "dropped");
  const done = counted.filter(
    ({ id, status }) => status === "done" || findEntry(record, id)?.state === "done",
  );
  return {
    done: done.length,
    total: counted.length,
    opened: countOpen(record),
    cap: config.roadmapIssues.open,
    standings: explainRoadmap(draft, record, roadmap),
    held: explainHeld(draft),
    closed: explainHeld(draft) ?? (config.roadmapIssues.open === 0 ? "`roadmapIssues.open` is 0" : null),
    pull: record.hasPull ? record.pull : null,
    closedPull: record.hasPull && record.pull === null ? (record.closed?.pull ?? null) : null,
    trouble: record.trouble?.why ?? null,
  };
}

/** What keeps every issue from being opened, whatever its task; also one that is ordered already. */
function explainHeld(draft: Draft): string | null {
  const { config, record } = draft.view;
  const { pausedBy } = record.stored;
  if (config?.mode === "shadow") return "the repository is in shadow mode";
  if (draft.stops().length > 0) return "everything is stopped here";
  return pausedBy === null ? null : `the repository is paused by ${pausedBy}`;
}
