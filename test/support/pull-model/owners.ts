import { PEOPLE, TEAMS } from "./people.ts";
import { isNamed } from "./rules.ts";

/** Paths of which an owner is named and none has approved; of the lines that match a path, the last one counts. */
export function findUnowned(
  text: string | null,
  paths: readonly string[],
  approvers: readonly number[],
): readonly string[] {
  const lines = (text ?? "")
    .split("\n")
    .map((line) => line.trim().split(/\s+/u))
    .filter(([pattern = ""]) => pattern !== "" && !pattern.startsWith("#"));
  return paths.filter((path) => {
    const line = lines.findLast(([pattern = ""]) => matches(path, pattern));
    const names = line?.slice(1) ?? [];
    return names.length > 0 && !names.some((name) => idsOf(name).some((id) => approvers.includes(id)));
  });
}

/** `*`, `*.js`, `/src/` and `src/total.js`: no history needs more of the patterns. */
function matches(path: string, pattern: string): boolean {
  if (pattern.endsWith("/")) return path.startsWith(pattern.replace(/^\//u, ""));
  return isNamed(path, [pattern.includes("/") ? pattern.replace(/^\//u, "") : `**/${pattern}`]);
}

function idsOf(name: string): readonly number[] {
  const person = PEOPLE[name.slice(1)];
  return person === undefined ? (TEAMS[name] ?? []) : [person.id];
}
