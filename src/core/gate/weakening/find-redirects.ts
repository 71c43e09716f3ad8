import { type ChangedLine, listChangedLines } from "../integrity/changed-lines.ts";
import type { Neighbours } from "./neighbours.ts";

/** A name of modules, or a pattern of names, and where it leads. */
interface Route {
  readonly name: string;
  readonly targets: string;
}

const ROUTE = /"([^"]{1,200})" ?: ?\[ ?((?:"[^"]{1,300}" ?(?:, ?)?){1,20})\]/gu;
/** A list that goes on in other lines, and one of its items. */
const OPEN_ROUTE = /"([^"]{1,200})" ?: ?\[$/u;
const ITEM = /^"[^"]{1,300}",?$/u;
/** Lists of a compiler's settings that lead nowhere. */
const OTHER_LIST =
  /^(?:lib|types|typeRoots|include|exclude|files|references|rootDirs|plugins|customConditions|moduleSuffixes|extends)$/u;
/** More than anybody reads one by one. */
const MAX_ROUTES = 200;
const OF_TESTS = /test|spec|mock|fake|stub|fixture|double|dummy|e2e/iu;

/**
 * New routes for modules that had another one: the same name leads elsewhere, old tests ask for it, a wider name had it,
 * or the code gets something out of the tests.
 */
export function findRedirects(
  patch: string,
  { kept, imported }: { readonly kept: readonly string[]; readonly imported: Neighbours["imported"] },
): readonly string[] {
  const lines = listChangedLines(patch);
  const gone = readRoutes(lines, "-");
  const old = [...gone, ...matchRoutes(kept.join(" "))];
  const isGiven = (name: string) => [...imported].some((wanted) => covers(name, wanted));
  const isKnown = ({ name, targets }: Route) =>
    old.some((route) => route.name === name && route.targets === targets);
  return readRoutes(lines, "+")
    .filter((route) => !isKnown(route))
    .filter(
      ({ name, targets }, index) =>
        index >= MAX_ROUTES ||
        gone.some((route) => route.name === name) ||
        old.some((route) => route.name.endsWith("*") && covers(route.name, name)) ||
        (OF_TESTS.test(targets) && !OF_TESTS.test(name)) ||
        isGiven(name),
    )
    .map(({ name, targets }) => `"${name}": [${targets}]`);
}

function readRoutes(lines: readonly ChangedLine[], sign: ChangedLine["sign"]): readonly Route[] {
  const own = lines.filter((line) => line.sign === sign);
  const items = own.flatMap(({ opener, text }) => {
    const [, name] = ITEM.test(text) ? (OPEN_ROUTE.exec(opener) ?? []) : [];
    return name === undefined ? [] : [{ name, targets: text.replace(/,$/u, "") }];
  });
  return [...matchRoutes(own.map(({ text }) => text).join(" ")), ...items].filter(
    ({ name }) => !OTHER_LIST.test(name),
  );
}

function matchRoutes(text: string): readonly Route[] {
  return [...text.matchAll(ROUTE)].map(([, name = "", targets = ""]) => ({
    name,
    targets: targets.trim().replace(/,$/u, ""),
  }));
}

function covers(pattern: string, name: string): boolean {
  const [start = "", end] = pattern.split("*", 2);
  if (end === undefined) return pattern === name;
  return pattern !== name && name.startsWith(start) && name.endsWith(end);
}
