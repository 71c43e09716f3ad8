import picomatch from "picomatch";
import type { Trigger } from "../workflow/workflow-model.ts";

/** What the filters of a trigger look at. */
export interface EventTraits {
  readonly event: string;
  readonly action: string | null;
  /** The branch that `branches` filters: pushed to, based on, or that of the run before. */
  readonly branch: string | null;
  readonly tag: string | null;
  /** Name of the workflow of a `workflow_run` event. */
  readonly workflowName: string | null;
  /** Changed files; a function because finding them is slow. */
  readonly changedPaths: () => readonly string[];
}

/** Events that start a workflow for some activities only, unless it names others. */
const DEFAULT_TYPES: Readonly<Partial<Record<string, readonly string[]>>> = {
  pull_request: ["opened", "synchronize", "reopened"],
  pull_request_target: ["opened", "synchronize", "reopened"],
  merge_group: ["checks_requested"],
};

export function matchesTrigger(trigger: Trigger, traits: EventTraits): boolean {
  return (
    matchesType(trigger, traits) &&
    matchesRef(trigger, traits) &&
    matchesWorkflow(trigger, traits) &&
    matchesPaths(trigger, traits)
  );
}

function filterOf(trigger: Trigger, key: string): readonly string[] | undefined {
  return Object.hasOwn(trigger.filters, key) ? trigger.filters[key] : undefined;
}

function matchesType(trigger: Trigger, { event, action }: EventTraits): boolean {
  const types = filterOf(trigger, "types") ?? DEFAULT_TYPES[event];
  return types === undefined || (action !== null && types.includes(action));
}

function matchesRef(trigger: Trigger, { event, branch, tag }: EventTraits): boolean {
  const byBranch = hasFilter(trigger, "branches");
  const byTag = hasFilter(trigger, "tags");
  // A push to a tag is left out when only branches are named, and the other way round.
  if (event === "push" && byBranch !== byTag && (branch === null) === byBranch) return false;
  if (branch !== null) return matchesLists(trigger, "branches", [branch]);
  return tag === null || matchesLists(trigger, "tags", [tag]);
}

function hasFilter(trigger: Trigger, key: string): boolean {
  return filterOf(trigger, key) !== undefined || filterOf(trigger, `${key}-ignore`) !== undefined;
}

function matchesWorkflow(trigger: Trigger, { workflowName }: EventTraits): boolean {
  const names = filterOf(trigger, "workflows");
  return names === undefined || (workflowName !== null && matchesPatterns(names, workflowName));
}

function matchesPaths(trigger: Trigger, { changedPaths, tag }: EventTraits): boolean {
  if (tag !== null || !hasFilter(trigger, "paths")) return true;
  return matchesLists(trigger, "paths", changedPaths());
}

/** One value that passes is enough: a push with one file outside of `paths-ignore` counts. */
function matchesLists(trigger: Trigger, key: string, values: readonly string[]): boolean {
  const wanted = filterOf(trigger, key);
  const ignored = filterOf(trigger, `${key}-ignore`);
  return values.some(
    (value) =>
      (wanted === undefined || matchesPatterns(wanted, value)) &&
      (ignored === undefined || !matchesPatterns(ignored, value)),
  );
}

/** Later patterns win, and a leading `!` takes out again. */
function matchesPatterns(patterns: readonly string[], value: string): boolean {
  let matched = false;
  for (const pattern of patterns) {
    const isNegative = pattern.startsWith("!");
    const isMatch = picomatch(isNegative ? pattern.slice(1) : pattern, { dot: true });
    if (isMatch(value)) matched = !isNegative;
  }
  return matched;
}
