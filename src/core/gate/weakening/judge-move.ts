import type { ChangedFile } from "../../facts.ts";
import { code } from "../../messages/text.ts";
import { isCode } from "../integrity/file-kinds.ts";
import { matchesAny, matchesExactly } from "../match-paths.ts";
import { RUN_PATHS, TEST_PATHS } from "./test-paths.ts";
import { type Found, sure, unsure } from "./weakening.ts";

/** Folders and names that runners pass over unless they are told to look. */
const PASSED_OVER = /^(?:\.|_(?!_tests__$)|(?:node_modules|dist|build|vendor|testdata|venv)$)/u;
/** Go runs these on one system or processor only. */
const ONE_SYSTEM =
  /_(?:aix|android|darwin|dragonfly|freebsd|illumos|ios|js|linux|netbsd|openbsd|plan9|solaris|wasip1|windows|386|amd64|arm|arm64|loong64|mips\w{0,6}|ppc64(?:le)?|riscv64|s390x|wasm)_test\.go$/u;
/** What tells a runner that a file is one of its tests. */
const RUN_MARK = /^test_|[._](?:tests?|specs?|cy|e2e)(?=\.)|(?:Tests?|Spec|IT)(?=\.\w+$)/u;

/** A test that is moved has to stay where runners look, under a name that they know. */
export function judgeMove({ status, path, previousPath }: ChangedFile): readonly Found[] {
  if (status !== "renamed" || previousPath === null) return [];
  const isLost =
    !matchesAny(path, TEST_PATHS) ||
    [TEST_PATHS, RUN_PATHS].some(
      (globs) => matchesExactly(previousPath, globs) && !matchesExactly(path, globs),
    ) ||
    extensionOf(path) !== extensionOf(previousPath) ||
    isPassedOver(path, previousPath);
  if (isLost) return [sure(`moved away from ${code(previousPath)}, where tests are run`)];
  const isOther = isCode(path) && markOf(path) !== markOf(previousPath);
  return isOther ? [unsure(`moved from ${code(previousPath)}, to where another runner looks`)] : [];
}

function markOf(path: string): string | undefined {
  return RUN_MARK.exec(path.slice(path.lastIndexOf("/") + 1))?.[0];
}

function isPassedOver(path: string, previousPath: string): boolean {
  if (!isCode(path) || !matchesExactly(previousPath, RUN_PATHS)) return false;
  const before = new Set(previousPath.split("/"));
  const isNewlyHidden = path.split("/").some((part) => !before.has(part) && PASSED_OVER.test(part));
  return isNewlyHidden || (ONE_SYSTEM.test(path) && !ONE_SYSTEM.test(previousPath));
}

function extensionOf(path: string): string {
  return /\.[^./]*$/u.exec(path)?.[0] ?? "";
}
