import type { ChangedFile } from "../../facts.ts";
import { code } from "../../messages/text.ts";
import { matchesAny } from "../match-paths.ts";
import { readPatch } from "../weakening/read-patch.ts";
import { SNAPSHOT_PATHS } from "../weakening/test-paths.ts";
import type { Touch } from "./touch.ts";

const SNAPSHOTS: readonly string[] = [
  ...SNAPSHOT_PATHS,
  "**/*-snapshots/**",
  "**/*.{approved,verified,golden,expected,snapshot}.*",
  "**/*.{gold,shot,storyshot,expected}",
  "**/{golden,goldens,golden_files,__golden__,__goldens__}/**",
];

/** Files that hold several recorded answers: how one of them begins and ends. */
const ENTRIES: readonly (readonly [begin: RegExp, end: RegExp])[] = [
  [/^exports\[/u, /(?<!\\)`;$/u],
  [/^# name: /u, /^# ---$/u],
];

export function isSnapshot({ path, previousPath }: Pick<ChangedFile, "path" | "previousPath">): boolean {
  return matchesAny(path, SNAPSHOTS) || (previousPath !== null && matchesAny(previousPath, SNAPSHOTS));
}

/** Recorded answers that go or become others; a new one is honest as long as no old one goes. */
export function judgeSnapshots(files: readonly ChangedFile[]): readonly Touch[] {
  const snapshots = files.filter(isSnapshot);
  const isReplaced = snapshots.some(({ status }) => status === "removed" || status === "renamed");
  return snapshots.flatMap((file): readonly Touch[] => {
    const what = judgeSnapshot(file, { isReplaced });
    return what === null ? [] : [{ path: file.path, line: null, what }];
  });
}

function judgeSnapshot(file: ChangedFile, { isReplaced }: { readonly isReplaced: boolean }): string | null {
  const { status, previousPath } = file;
  if (status === "unchanged") return null;
  if (status === "removed") return "removes recorded answers";
  if (status === "renamed") return `moves recorded answers from ${code(previousPath ?? "")}`;
  if (status === "added" || status === "copied")
    return isReplaced ? "records answers anew, while others go" : null;
  const isExtended = file.patch !== null && readPatch(file) !== null && listBlocks(file.patch).every(isWhole);
  return isExtended ? null : "changes recorded answers";
}

/** Lines that were changed at one place, and the line above them that is not blank. */
interface Block {
  readonly above: string;
  readonly lines: readonly string[];
}

function listBlocks(patch: string): readonly Block[] {
  const blocks: Block[] = [];
  let above = "";
  let lines: string[] = [];
  const flush = () => {
    if (lines.length > 0) blocks.push({ above, lines });
    lines = [];
  };
  for (const line of patch.split("\n")) {
    if (/^[+-]/u.test(line)) lines.push(line);
    if (!/^[ @]/u.test(line)) continue;
    flush();
    above = line.slice(1).trim() || above;
  }
  flush();
  return blocks;
}

/** Whether nothing but whole new entries comes, behind the end of another, so that no old one changes. */
function isWhole({ above, lines }: Block): boolean {
  const texts = lines.filter((line) => !isHeader(line.slice(1))).map((line) => line.trimEnd());
  const [first] = texts.filter((line) => line !== "+");
  if (first === undefined) return texts.length === 0;
  return ENTRIES.some(([begin, end]) => {
    const count = (expression: RegExp) => texts.filter((line) => expression.test(line.slice(1))).length;
    return (
      texts.every((line) => line.startsWith("+")) &&
      begin.test(first.slice(1)) &&
      count(begin) === count(end) &&
      (end.test(above) || isHeader(above))
    );
  });
}

function isHeader(line: string): boolean {
  return /^(?:\/\/ \w{1,20} Snapshot v\d|# serializer version: \d)/u.test(line);
}
