import type { PullNow } from "../../facts.ts";
import type { Renames } from "../../findings/renames.ts";

/** Where the files of the baseline are now, so that a moved file is not taken for a new one. */
export function renamesOf({ files }: Pick<PullNow, "files">): Renames {
  return new Map(
    (files ?? []).flatMap(({ path, previousPath, status }) =>
      status === "renamed" && previousPath !== null ? [[previousPath, path] as const] : [],
    ),
  );
}
