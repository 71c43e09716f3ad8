import type { Config } from "../../config/config.ts";
import type { ChangedFile } from "../../facts.ts";
import { matchesAny, touchedPaths } from "../match-paths.ts";
import { readPatch } from "../weakening/read-patch.ts";
import { type ChangedLine, listChangedLines } from "./changed-lines.ts";
import { mayBeEmpty, mayHoldSuppressions } from "./file-kinds.ts";
import { judgeOrdinary } from "./judge-ordinary.ts";
import { judgeProtected } from "./judge-protected.ts";
import { PROTECTED_FILES, type ProtectedFiles } from "./protected-files.ts";
import { judgeSnapshots } from "./snapshots.ts";
import { findSuppressions } from "./suppressions.ts";
import type { Touch } from "./touch.ts";

/** Every place where a change touches what proves the work: what decides about it, measures it, or has it overlooked. */
export function findTouches(files: readonly ChangedFile[], config: Config): readonly Touch[] {
  const changed = files
    .filter(({ status }) => status !== "unchanged")
    .map((file) => ({ file, rule: ruleFor(file, config) }));
  const ordinary = changed.filter(({ rule }) => rule === undefined).map(({ file }) => file);
  return [...changed.flatMap(judgeFile), ...judgeSnapshots(ordinary)];
}

type Rule = Pick<ProtectedFiles, "is" | "mayChange">;

function judgeFile({
  file,
  rule,
}: {
  readonly file: ChangedFile;
  readonly rule: Rule | undefined;
}): readonly Touch[] {
  const lines = readLines(file);
  const touches = rule === undefined ? judgeOrdinary(file, lines) : judgeProtected(file, lines, rule);
  if (touches.length > 0 || !mayHoldSuppressions(file.path)) return touches;
  return findSuppressions(lines ?? [], file.path);
}

function ruleFor(file: ChangedFile, { gates, roadmap }: Config): Rule | undefined {
  const paths = touchedPaths([file]);
  const isOneOf = (globs: readonly string[]) => paths.some((path) => matchesAny(path, globs));
  const known = PROTECTED_FILES.find(({ globs }) => isOneOf(globs));
  if (known !== undefined) return known;
  if (paths.some((path) => path.toLowerCase() === roadmap?.toLowerCase()))
    return { is: "the roadmap", mayChange: [] };
  const isEvaluation = isOneOf(gates.integrity.evaluation);
  return isEvaluation ? { is: "scripts or data of the evaluation", mayChange: [] } : undefined;
}

/** The changed lines; null when they are not shown, or not all of them. */
function readLines(file: ChangedFile): readonly ChangedLine[] | null {
  if (file.patch === null) return isWithoutLines(file) ? [] : null;
  return readPatch(file) === null ? null : listChangedLines(file.patch);
}

/** Moved as it was, or empty. What else has no lines is binary to GitHub, or said to be. */
function isWithoutLines({ path, status, additions, deletions }: ChangedFile): boolean {
  if (additions + deletions > 0) return false;
  return ["renamed", "copied", "changed"].includes(status) || mayBeEmpty(path);
}
