import type { Config } from "../../config/config.ts";
import type { WorkerResult } from "../../evidence/worker-result.ts";
import { matchesAny, matchesExactly } from "../../gate/match-paths.ts";
import { ceilingOf, findForbidden } from "../../gate/rules/ceiling.ts";
import type { GateResult } from "../../gate/verdict.ts";
import { code } from "../../messages/text.ts";
import type { Draft } from "../draft.ts";

const MAX_NAMED = 3;
const MAX_DETAILS = 20;

/** Why the app will not write an answer's changes: each names what a person has to decide on. */
export function findScopeProblems(draft: Draft, { changes }: WorkerResult): readonly GateResult[] {
  const { config } = draft.view;
  if (config === null) return [];
  const paths = changes.map(({ path }) => path);
  return [findOutside(paths, config), findUnderCeiling(paths, config)].filter(
    (problem) => problem !== undefined,
  );
}

function findOutside(paths: readonly string[], { gates }: Config): GateResult | undefined {
  const { protect, allow } = gates.paths;
  const outside = paths.filter(
    (path) => matchesAny(path, protect) || (allow.length > 0 && !matchesExactly(path, allow)),
  );
  if (outside.length === 0) return undefined;
  return {
    gate: "paths",
    verdict: "BLOCKED",
    message: `The answer changes ${count(outside)} that a person has to decide on: ${name(outside)}.`,
    seen: `${outside.length} outside`,
    wanted: "paths in scope",
    howToFix:
      "Change `gates.paths` on the default branch, or do this part by hand, then `/orchestrate retry`.",
    details: detail(outside),
  };
}

function findUnderCeiling(paths: readonly string[], config: Config): GateResult | undefined {
  const forbidden = findForbidden(paths, config);
  const ceiling = ceilingOf(forbidden.paths, config);
  if (ceiling === null) return undefined;
  return {
    gate: "ceiling",
    verdict: "BLOCKED",
    message: `The answer changes ${count(forbidden.paths)} where a task may not change anything: ${name(forbidden.paths)}. The ceiling is ${code(ceiling)} for ${name(forbidden.globs)}.`,
    seen: code(ceiling),
    wanted: code("draft-pr"),
    howToFix: "Raise `ceilings` on the default branch, or do this part by hand, then `/orchestrate retry`.",
    details: detail(forbidden.paths),
  };
}

function count({ length }: readonly string[]): string {
  return length === 1 ? "a path" : `${length} paths`;
}

function name(texts: readonly string[]): string {
  return texts
    .slice(0, MAX_NAMED)
    .map((text) => code(text))
    .join(", ");
}

function detail(paths: readonly string[]): readonly string[] {
  return paths.slice(0, MAX_DETAILS).map((path) => code(path));
}
