import type { ChangedFile } from "../../facts.ts";
import { code } from "../../messages/text.ts";
import { mayBeEmpty } from "../integrity/file-kinds.ts";
import { matchesAny, touchedPaths } from "../match-paths.ts";
import { findRedirects } from "./find-redirects.ts";
import { isNew } from "./is-test.ts";
import { linesWithout } from "./line-counts.ts";
import {
  BUNDLE_LINE,
  COMMENT_LINE,
  CONFTEST_LINE,
  LOADING_LINE,
  REPLACEMENT_LINE,
  ROUTE_LINE,
  SETUP_LINE,
  VERSION_LINE,
} from "./line-patterns.ts";
import type { Neighbours } from "./neighbours.ts";
import { type Patch, readPatch } from "./read-patch.ts";
import {
  CONFTEST_PATHS,
  MOCK_PATHS,
  MODULE_MAP_PATHS,
  PACKAGE_LIST_PATHS,
  SETUP_PATHS,
  SETUP_SCRIPT_PATHS,
  SHARED_SETUP_PATHS,
} from "./test-paths.ts";
import { type Found, unsure } from "./weakening.ts";

/** Files of which some lines decide about tests. */
interface SharedSetup {
  readonly globs: readonly string[];
  readonly judge: (patch: Patch, about: About) => readonly string[];
  /** Half a sentence: what a line of those does. */
  readonly what: string;
}

interface About {
  readonly text: string;
  readonly neighbours: Neighbours;
}

/** Files that decide about tests whatever stands in them. */
const SETUPS: readonly {
  readonly globs: readonly string[];
  readonly mayBeNew: boolean;
  readonly what: string;
}[] = [
  { globs: SETUP_PATHS, mayBeNew: false, what: "decides how tests are run" },
  { globs: SETUP_SCRIPT_PATHS, mayBeNew: true, what: "is run before tests and may change what they see" },
  { globs: MOCK_PATHS, mayBeNew: false, what: "may stand in for a module in every test" },
];

const SHARED_SETUPS: readonly SharedSetup[] = [
  {
    globs: ["**/vite.config.*"],
    judge: ({ removed, added }) =>
      [...removed, ...added].filter((line) => SETUP_LINE.test(line) || BUNDLE_LINE.test(line)),
    what: "may change how tests are run, or what they see",
  },
  {
    globs: ["**/.env{,.*}"],
    judge: ({ removed, added }) => linesWithout(added, removed).filter((line) => LOADING_LINE.test(line)),
    what: "may have something else run before tests",
  },
  {
    globs: SHARED_SETUP_PATHS,
    judge: ({ removed, added }) => [
      ...[...removed, ...added].filter((line) => SETUP_LINE.test(line) && !VERSION_LINE.test(line)),
      ...linesWithout(removed, added).filter((line) => ROUTE_LINE.test(line) && !SETUP_LINE.test(line)),
    ],
    what: "may change how tests are run",
  },
  {
    globs: CONFTEST_PATHS,
    judge: ({ removed, added }) =>
      linesWithout(added, removed).filter((line) => CONFTEST_LINE.test(line) && !COMMENT_LINE.test(line)),
    what: "may change what every test beside it sees",
  },
  {
    globs: PACKAGE_LIST_PATHS,
    judge: ({ removed, added }) =>
      linesWithout(added, removed).filter((line) => REPLACEMENT_LINE.test(line) && !COMMENT_LINE.test(line)),
    what: "may put something else in the place of what tests use",
  },
  {
    globs: MODULE_MAP_PATHS,
    judge: ({ kept }, { text, neighbours: { imported } }) => findRedirects(text, { kept, imported }),
    what: "may send what tests import elsewhere",
  },
];

/** How tests are run is decided by other files, among the tests or not. */
export function judgeSetup(file: ChangedFile, neighbours: Neighbours): readonly Found[] {
  if (file.status === "unchanged") return [];
  const isOneOf = (globs: readonly string[]) => touchedPaths([file]).some((path) => matchesAny(path, globs));
  const whole = SETUPS.filter(({ globs, mayBeNew }) => isOneOf(globs) && !(mayBeNew && isNew(file)));
  if (whole.length > 0) return whole.slice(0, 1).map(({ what }) => unsure(what));
  const setup = SHARED_SETUPS.find(({ globs }) => isOneOf(globs));
  if (setup === undefined) return [];
  const patch = readPatch(file);
  if (patch === null && isNew(file) && file.additions === 0 && mayBeEmpty(file.path)) return [];
  if (patch === null) return [unsure("may decide how tests are run, and cannot be read")];
  return setup
    .judge(patch, { text: file.patch ?? "", neighbours })
    .map((line) => unsure(`${setup.what}: ${code(line)}`));
}
