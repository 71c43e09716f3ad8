import type { ChangedFile } from "../../facts.ts";
import { code } from "../../messages/text.ts";
import { matchesAny, touchedPaths } from "../match-paths.ts";
import { isTest } from "../weakening/is-test.ts";
import { ASSERTION } from "../weakening/line-patterns.ts";
import { type BoundNames, hasBound, isStricter } from "./bounds.ts";
import type { ChangedLine } from "./changed-lines.ts";
import { describeChange } from "./describe-change.ts";
import { isCode, isConfig, isMeasuringCode, isQualityConfig } from "./file-kinds.ts";
import { judgeSettings } from "./judge-settings.ts";
import { pairLines } from "./line-changes.ts";
import type { SettingsFiles } from "./setting-rule.ts";
import { SETTINGS_FILES } from "./settings-files.ts";
import { isSnapshot } from "./snapshots.ts";
import type { Touch } from "./touch.ts";

/** What stands where a submodule is. */
const SUBMODULE = /^Subproject commit [\da-f]{40,64}$/u;

/** Changes of a file that is not as a whole about proof; `lines` is null where GitHub does not show them. */
export function judgeOrdinary(file: ChangedFile, lines: readonly ChangedLine[] | null): readonly Touch[] {
  const settings = settingsOf(file);
  if (lines === null) return judgeHidden(file, settings);
  if (lines.some(({ text }) => SUBMODULE.test(text)))
    return [
      { path: file.path, line: null, what: "points at files of another repository, which are not shown" },
    ];
  if (settings === undefined) return isSnapshot(file) ? [] : judgeThresholds(file, lines);
  const isNewPart = isNew(file) && file.path.includes("/");
  return [...judgeMove(file, settings), ...judgeSettings({ path: file.path, lines, isNewPart }, settings)];
}

function settingsOf(file: ChangedFile): SettingsFiles | undefined {
  const paths = touchedPaths([file]);
  return SETTINGS_FILES.find(({ globs }) => paths.some((path) => matchesAny(path, globs)));
}

/** Of a change that is not shown, nothing can be said; only one that takes away brings no new suppression. */
function judgeHidden(
  { path, additions, deletions }: ChangedFile,
  settings?: SettingsFiles,
): readonly Touch[] {
  const isLost = additions === 0 && deletions > 0;
  const matters = settings !== undefined || isQualityConfig(path) || (isCode(path) && !isLost);
  return matters ? [{ path, line: null, what: "the change is not shown by GitHub" }] : [];
}

/** Settings are found by their name, and by where they are. */
function judgeMove({ path, status, previousPath }: ChangedFile, { globs }: SettingsFiles): readonly Touch[] {
  if (status !== "renamed" || previousPath === null) return [];
  const isFoundStill = matchesAny(path, globs) && previousPath.includes("/");
  return isFoundStill ? [] : [{ path, line: null, what: `moves settings from ${code(previousPath)}` }];
}

/** Bounds of quality elsewhere. What measures or tests may get new ones; those that were there stay. */
function judgeThresholds(file: ChangedFile, lines: readonly ChangedLine[]): readonly Touch[] {
  const names = isNew(file) ? undefined : boundNamesFor(file);
  if (names === undefined) return [];
  const mayAssert = isTest(file);
  const bounding = lines.filter((line) => hasBound(line, names) && !(mayAssert && ASSERTION.test(line.text)));
  return pairLines(bounding)
    .filter((change) => (change.before !== null || names !== "script") && !isStricter(change))
    .map((change) => ({ path: file.path, ...describeChange(change, "the thresholds") }));
}

function boundNamesFor(file: ChangedFile): BoundNames | undefined {
  const { path } = file;
  if (isTest(file) || isMeasuringCode(path)) return "script";
  if (isQualityConfig(path)) return "quality";
  return isConfig(path) ? "clear" : undefined;
}

function isNew({ status }: ChangedFile): boolean {
  return status === "added" || status === "copied";
}
