import type { Config } from "../../core/config/config.ts";
import type { Roadmap, RoadmapTask } from "../../core/roadmap/roadmap.ts";
import type { World } from "../world/world.ts";
import { ACCOUNTS } from "./accounts.ts";

interface Idea {
  readonly title: string;
  readonly labels: readonly string[];
  readonly kind: string;
}

/** What people hand over, in its order: the roadmap's open tasks, unless the app opens them, then work of every kind in turn. */
export function listIdeas(config: Config, roadmap: Roadmap | null, count: number | null): readonly Idea[] {
  const isOpenedByApp = config.roadmapIssues.open > 0;
  const planned = isOpenedByApp ? [] : openTasks(roadmap).map((task) => toIdea(config, task));
  const wanted = count ?? (roadmap === null ? DEFAULT_TASKS : planned.length);
  const kinds = Object.values(config.kinds);
  const others = Array.from({ length: Math.max(0, wanted - planned.length) }, (_, index): Idea => {
    const labels = kinds[index % kinds.length]?.match.labels ?? [];
    const kind = kinds.find(({ match }) => match.labels.every((label) => labels.includes(label)));
    return { title: `Work number ${index + 1}`, labels, kind: kind?.name ?? "" };
  });
  return [...planned, ...others].slice(0, wanted);
}

const DEFAULT_TASKS = 20;

function openTasks(roadmap: Roadmap | null): readonly RoadmapTask[] {
  return (roadmap?.tasks ?? []).filter(({ status }) => status === "todo" || status === "in-progress");
}

function toIdea({ kinds }: Config, { id, title, kind: named = "" }: RoadmapTask): Idea {
  const kind = kinds[named];
  return { title: `${id}: ${title}`, labels: kind?.match.labels ?? [], kind: kind?.name ?? "" };
}

/** Opens an issue and labels it, so that it is handed over. */
export function handOver(world: World, { title, labels, kind }: Idea): void {
  const { random, recorder } = world.context;
  const by = ACCOUNTS.robin;
  const urgency = random.next();
  const priority = urgency < 0.06 ? ["p0"] : urgency < 0.2 ? ["p1"] : urgency > 0.85 ? ["p3"] : [];
  const { waitsFor, paths } = entangle(world);
  const body = [
    "What is wanted is described here.",
    ...(waitsFor === null ? [] : [`Blocked by #${waitsFor}`]),
    ...(paths === "" ? [] : [`Paths: ${paths}`]),
  ].join("\n\n");
  const issue = world.addIssue({ title, body, openedBy: by, kind });
  issue.labels = [...labels, ...priority];
  recorder.deed(by.login, { what: "issue.opened", issue: issue.number, kind, waitsFor, paths });
  world.setLabel(issue, world.config.label, { by, isOn: true });
}

/** What an issue has to do with those before it. */
function entangle(world: World): { readonly waitsFor: number | null; readonly paths: string } {
  const { faults } = world.context;
  const others = [...world.issues.values()].filter(({ openedBy }) => openedBy === ACCOUNTS.robin);
  const waitsFor = faults.hits("people.entangle") ? (faults.random.pick(others)?.number ?? null) : null;
  return { waitsFor, paths: faults.hits("people.entangle") ? "`src/shared/**`" : "" };
}
