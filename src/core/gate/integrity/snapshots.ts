import type { ChangedFile } from "../../facts.ts";
import { code } from "../../messages/text.ts";
import { matchesAny } from "../match-paths.ts";
import { findReplacing } from "../weakening/judge-snapshot.ts";
import { type Neighbours, readNeighbours } from "../weakening/neighbours.ts";
import { readPatch } from "../weakening/read-patch.ts";
import { readNewAnswers } from "../weakening/snapshot-entries.ts";
import { SNAPSHOT_PATHS } from "../weakening/test-paths.ts";
import type { Touch } from "./touch.ts";

const SNAPSHOTS: readonly string[] = [
  ...SNAPSHOT_PATHS,
  "**/*-snapshots/**",
  "**/*.{approved,verified,golden,expected,snapshot}.*",
  "**/*.{gold,shot,storyshot,expected}",
  "**/{,*[_-]}expected{,[_-]*}.{csv,tsv,json,jsonl,ndjson,yml,yaml,xml,txt,html,out,parquet,npy,npz,pkl}",
  "**/{golden,goldens,golden_files,__golden__,__goldens__}/**",
];

export function isSnapshot({ path, previousPath }: Pick<ChangedFile, "path" | "previousPath">): boolean {
  return matchesAny(path, SNAPSHOTS) || (previousPath !== null && matchesAny(previousPath, SNAPSHOTS));
}

/** Recorded answers that go or become others; a new one is honest as long as no old one goes. */
export function judgeSnapshots(files: readonly ChangedFile[]): readonly Touch[] {
  const snapshots = files.filter(isSnapshot);
  if (snapshots.length === 0) return [];
  const isReplaced = snapshots.some(({ status }) => status === "removed" || status === "renamed");
  const { titles } = readNeighbours(files);
  return snapshots.flatMap((file): readonly Touch[] => {
    const { path } = file;
    const what = judgeWhole(file, { isReplaced });
    if (what !== null) return [{ path, line: null, what }];
    return file.status === "modified" || file.status === "changed" ? judgeLines(file, titles) : [];
  });
}

function judgeWhole(
  { status, previousPath }: ChangedFile,
  { isReplaced }: { readonly isReplaced: boolean },
): string | null {
  if (status === "removed") return "removes recorded answers";
  if (status === "renamed") return `moves recorded answers from ${code(previousPath ?? "")}`;
  const isNew = status === "added" || status === "copied";
  return isNew && isReplaced ? "records answers anew, while others go" : null;
}

function judgeLines(file: ChangedFile, titles: Neighbours["titles"]): readonly Touch[] {
  const { path, patch } = file;
  const answers = patch === null || readPatch(file) === null ? null : readNewAnswers(patch);
  if (answers === null) return [{ path, line: null, what: "changes recorded answers" }];
  return findReplacing(answers, path, titles).map(({ line, what }) => ({ path, line, what }));
}
