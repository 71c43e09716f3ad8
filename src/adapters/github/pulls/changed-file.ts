import type { ChangedFile } from "../../../core/facts.ts";

interface FileAnswer {
  readonly filename: string;
  readonly previous_filename?: string;
  readonly status: ChangedFile["status"];
  readonly additions: number;
  readonly deletions: number;
  readonly patch?: string;
  readonly contents_url?: string;
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

/** The commit at which a file is listed, where the answer says so; one that was removed may be shown where it still was. */
export function commitOf({ status, contents_url: url }: FileAnswer): string | undefined {
  return status === "removed" ? undefined : /[?&]ref=([\da-f]{40,64})(?:&|$)/u.exec(url ?? "")?.[1];
}
