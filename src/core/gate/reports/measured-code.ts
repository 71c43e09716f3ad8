import type { ChangedFile } from "../../facts.ts";
import { isCode } from "../integrity/file-kinds.ts";
import { matchesAny } from "../match-paths.ts";
import { readPatch } from "../weakening/read-patch.ts";
import { SETUP_PATHS, TEST_PATHS } from "../weakening/test-paths.ts";

/** Code that tools of coverage leave out for good reasons: declarations, settings, and what only shows or helps tests. */
const UNMEASURED: readonly string[] = [
  ...TEST_PATHS,
  ...SETUP_PATHS,
  "**/*.d.{ts,mts,cts}",
  "**/*.{stories,story,mock,mocks,fixture,fixtures,bench,config,conf,setup,generated,gen}.*",
  "**/.*",
  "**/.*/**",
  "**/{docs,examples,fixtures,mocks,bench,benchmarks,generated,migrations,scripts}/**",
];
const JAVASCRIPT = /\.(?:[cm]?[jt]sx?|vue|svelte)$/u;
/** What of JavaScript runs. Types, and what only passes exports on, may have no coverage at all. */
const RUNS = new RegExp(
  [
    String.raw`\b(?:function|class|const|let|var|enum)\s+[\w$\[\{*]`,
    String.raw`\b(?:if|for|while|switch)\s*\(`,
    String.raw`\b(?:return|throw|await|new)\b(?!\??:)`,
    String.raw`=>\s*\{`,
    String.raw`\bexport\s+default\b(?!\s+(?:interface|type)\b)`,
    String.raw`^\s*[\w.$]+\s*(?:\+=|=)\s`,
  ].join("|"),
  "u",
);
const NO_CODE = /\/\/.*$|\/\*.*?\*\/|^\s*\/?\*.*$|"[^"]*"|'[^']*'|\bas\s+const\b|\bdeclare\s.*$|\bnew\s*\(/gu;

/** Files that need no measure any more: deleted, or moved to where no code is measured. */
export function listGone(files: readonly ChangedFile[]): readonly string[] {
  const now = new Set(files.flatMap(({ path, status }) => (status === "removed" ? [] : [path])));
  return files.flatMap(({ path, previousPath, status }) => {
    if (status === "removed") return [path];
    if (status !== "renamed" || previousPath === null) return [];
    const left = now.has(previousPath) ? [] : [previousPath];
    return isMeasurable(path) ? left : [...left, path];
  });
}

/** New files with code that runs, as far as their names and patches tell. */
export function listNewCode(files: readonly ChangedFile[]): readonly string[] {
  return files
    .filter(({ status }) => status === "added" || status === "copied")
    .filter((file) => isMeasurable(file.path) && hasCodeThatRuns(file))
    .map(({ path }) => path);
}

function isMeasurable(path: string): boolean {
  return isCode(path) && !matchesAny(path, UNMEASURED);
}

function hasCodeThatRuns(file: ChangedFile): boolean {
  if (file.status === "added" && file.additions === 0) return false;
  const patch = readPatch(file);
  // What cannot be seen may run.
  if (patch === null || !JAVASCRIPT.test(file.path)) return true;
  return patch.added.some((line) => RUNS.test(line.replace(NO_CODE, "")));
}
