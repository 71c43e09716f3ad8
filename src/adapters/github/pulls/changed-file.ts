import type { ChangedFile } from "../../../core/facts.ts";

interface FileAnswer {
  readonly filename: string;
  readonly previous_filename?: string;
  readonly status: ChangedFile["status"];
  readonly additions: number;
  readonly deletions: number;
  readonly patch?: string;
}

/** A file as GitHub lists it, of a pull request or between two commits. */
export function toChangedFile(file: FileAnswer): ChangedFile {
  return {
    path: file.filename,
    previousPath: file.previous_filename ?? null,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    patch: file.patch ?? null,
  };
}
