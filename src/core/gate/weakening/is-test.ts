import type { ChangedFile } from "../../facts.ts";
import { matchesAny, touchedPaths } from "../match-paths.ts";
import { PROSE_PATHS, TEST_PATHS } from "./test-paths.ts";

/** Whether a file is a test, or was one before it was moved. */
export function isTest(file: ChangedFile): boolean {
  return touchedPaths([file]).some((path) => matchesAny(path, TEST_PATHS) && !matchesAny(path, PROSE_PATHS));
}

/** Whether a change says of a file that it was not there before. */
export function isNew({ status }: Pick<ChangedFile, "status">): boolean {
  return status === "added" || status === "copied";
}
