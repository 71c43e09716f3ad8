import { allows } from "../../autonomy/autonomy.ts";
import { digestText } from "../../digest-text.ts";
import type { FileText } from "../../effects.ts";
import { milestoneMarker, milestoneSection } from "../../messages/roadmap/milestone-section.ts";
import { roadmapPullText } from "../../messages/roadmap/roadmap-pull.ts";
import { rememberByText } from "../../remember.ts";
import { compareText } from "../../report/tally.ts";
import { editRoadmap, type RoadmapEdit } from "../../roadmap/edit-roadmap.ts";
import type { Roadmap, RoadmapMilestone, RoadmapTask } from "../../roadmap/roadmap.ts";
import { findEntry, type RoadmapRecord } from "../../roadmap/roadmap-record.ts";
import { MAX_YAML_BYTES } from "../../yaml/read-yaml.ts";
import { HUMAN_POLL_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { tasksOf } from "./reach-milestones.ts";

/** The branch of the one pull request that writes progress back. */
export const ROADMAP_BRANCH = "orchestrator/roadmap";

/** One pull request says no more than this; the rest comes when it is merged. */
const MAX_EDITS = 20;

/** What is to be written. */
interface Updates {
  readonly files: readonly FileText[];
  readonly edits: readonly RoadmapEdit[];
  readonly refused: readonly { readonly id: string; readonly why: string }[];
  readonly milestones: readonly RoadmapMilestone[];
}

/** Wants the pull request while there is something that the files do not say, and its end when there is not. */
export function projectUpdates(draft: Draft, record: RoadmapRecord, roadmap: Roadmap): RoadmapRecord {
  const told = noteTold(draft, record);
  if (!mayWrite(draft)) return told;
  const updates = findUpdates(draft, told, roadmap);
  const items = listItems(updates);
  if ((updates.files.length === 0 && !told.hasPull) || isUnwanted(told, items)) return told;
  const renewed = renew(draft, told);
  projectPull(draft, renewed, updates);
  const hasPull = updates.files.length > 0;
  return { ...renewed, hasPull, pull: hasPull ? renewed.pull : null, offered: items };
}

/** Digests of what opens the pull request, each by itself; what goes along with it is not among them. */
function listItems({ edits, milestones }: Updates): readonly string[] {
  const done = edits.filter(({ status }) => status === "done").map((edit) => JSON.stringify(edit));
  const reached = milestones.map(({ id }) => JSON.stringify({ milestone: id }));
  return [...done, ...reached].map((item) => digestText(item));
}

/** Whether people closed the pull request when it said all of this. What it would change around that is not theirs to wait for. */
function isUnwanted({ pull, closed }: RoadmapRecord, items: readonly string[]): boolean {
  return (
    items.length > 0 &&
    pull === null &&
    closed !== undefined &&
    items.every((item) => closed.items.includes(item))
  );
}

/** Only where the file on the branch is the one in force: what is broken is for people to correct first. */
function mayWrite({ view }: Draft): boolean {
  const { config, facts, record } = view;
  if (config === null || facts === null || record.status !== "active") return false;
  const isFree = record.stored.pausedBy === null && (record.stops ?? []).length === 0;
  const isAllowed = config.mode === "active" && allows(config.autonomy, "draft-pr");
  const isValid = facts.roadmapText !== null && facts.roadmapText === record.stored.goodRoadmap?.text;
  return (
    config.roadmapUpdates.pullRequest && isFree && isAllowed && isValid && facts.branch !== ROADMAP_BRANCH
  );
}

/** A milestone that the context file tells of, or that no file is to tell of, is told for good. */
function noteTold({ view }: Draft, record: RoadmapRecord): RoadmapRecord {
  const context = view.config?.roadmapUpdates.context;
  const text = view.facts?.contextText;
  const isTold = (id: string) => context === undefined || (text ?? "").includes(milestoneMarker(id));
  const fresh = Object.entries(record.milestones).filter(([id, known]) => !known.isTold && isTold(id));
  if (fresh.length === 0) return record;
  const told = fresh.map(([id, known]) => [id, { ...known, isTold: true }] as const);
  return { ...record, milestones: { ...record.milestones, ...Object.fromEntries(told) } };
}

/** What GitHub refused is tried once more after a day, or at once when something else is to be written. */
function renew({ now }: Draft, record: RoadmapRecord): RoadmapRecord {
  if (record.trouble === null || now - record.trouble.at < HUMAN_POLL_MS) return record;
  return { ...record, trouble: null, renewal: now };
}

function projectPull(draft: Draft, { renewal }: RoadmapRecord, updates: Updates): void {
  const { config, facts } = draft.view;
  const context = config?.roadmapUpdates.context ?? null;
  const text = roadmapPullText({
    path: config?.roadmap ?? "",
    edits: updates.edits,
    milestones: updates.milestones.map(({ id }) => id),
    context,
    refused: updates.refused,
  });
  draft.project(
    "roadmap-pull",
    {
      kind: "file-pull",
      branch: ROADMAP_BRANCH,
      baseRef: facts?.branch ?? "",
      ...text,
      files: updates.files,
      state: updates.files.length === 0 ? "absent" : "open",
      renewal,
    },
    { subject: "roadmap-pull", taskId: null },
  );
}

/** Something done or reached makes the pull request; what is only begun goes along with it. */
function findUpdates(draft: Draft, record: RoadmapRecord, roadmap: Roadmap): Updates {
  const { config, facts } = draft.view;
  const before = facts?.roadmapText ?? "";
  const { text, made, refused } = edit(before, listEdits(record, roadmap));
  const milestones = roadmap.milestones.filter(({ id }) => record.milestones[id]?.isTold === false);
  const context = describeContext(draft, record, { roadmap, milestones });
  const isWorthIt = context !== undefined || made.some(({ status }) => status === "done");
  if (!isWorthIt) return { files: [], edits: [], refused: [], milestones: [] };
  const file = { path: config?.roadmap ?? "", before, after: text };
  const files = [...(text === before ? [] : [file]), ...(context === undefined ? [] : [context])];
  return { files, edits: made, refused, milestones: context === undefined ? [] : milestones };
}

function listEdits(record: RoadmapRecord, { tasks }: Roadmap): readonly RoadmapEdit[] {
  const edits = tasks.flatMap(({ id, status }): readonly RoadmapEdit[] => {
    const entry = findEntry(record, id);
    if (entry === undefined || (status !== "todo" && status !== "in-progress")) return [];
    if (entry.state === "done" && !entry.isWritten) return [{ id, status: "done", evidence: entry.evidence }];
    return entry.state === "active" && status === "todo"
      ? [{ id, status: "in-progress", evidence: null }]
      : [];
  });
  return edits.toSorted((a, b) => compareText(a.status, b.status)).slice(0, MAX_EDITS);
}

/** The same edits of the same file are asked for with every event until they are merged. */
const REMEMBERED_EDITS = 16;
const editRemembered = rememberByText((question) => {
  const { text, edits }: { text: string; edits: readonly RoadmapEdit[] } = JSON.parse(question);
  return editRoadmap(text, edits);
}, REMEMBERED_EDITS);

function edit(text: string, edits: readonly RoadmapEdit[]) {
  return edits.length === 0
    ? { text, made: [], refused: [] }
    : editRemembered(JSON.stringify({ text, edits }));
}

/** Undefined when nothing is to be told, or the file is too large to be read whole. */
function describeContext(
  { view }: Draft,
  record: RoadmapRecord,
  { roadmap, milestones }: { readonly roadmap: Roadmap; readonly milestones: readonly RoadmapMilestone[] },
): FileText | undefined {
  const path = view.config?.roadmapUpdates.context;
  const before = view.facts?.contextText;
  if (path === undefined || before === undefined || milestones.length === 0) return undefined;
  if (before !== null && before.length > MAX_YAML_BYTES) return undefined;
  const sections = milestones.map((milestone) =>
    milestoneSection(milestone, {
      at: record.milestones[milestone.id]?.at ?? 0,
      tasks: tasksOf(roadmap, milestone.id).map((task) => ({ task, evidence: proofOf(record, task) })),
    }),
  );
  return { path, before, after: appendSections(before ?? "", sections) };
}

function proofOf(record: RoadmapRecord, { id, evidence }: RoadmapTask): string | null {
  return findEntry(record, id)?.evidence ?? evidence[0] ?? null;
}

/** Everything that is there stays as it is, with the line endings that it has. */
function appendSections(before: string, sections: readonly string[]): string {
  const ending = /\r\n|\n/.exec(before)?.[0] ?? "\n";
  const gap = before === "" ? "" : /\r?\n$/.test(before) ? ending : ending + ending;
  return before + gap + sections.join("\n").replaceAll("\n", ending);
}
