import type { ConfigChange } from "../config/compare-values.ts";
import type { Config } from "../config/config.ts";
import { createKeyLines } from "../config/create-key-lines.ts";
import { describeConfigChange } from "../config/describe-change.ts";
import type { Path } from "../yaml/problem.ts";
import type { OrganisationView } from "./view-organisation.ts";

/** A value that counts although the repository's own file says another one. */
export interface Decision extends Pick<ConfigChange, "key" | "before" | "after"> {
  readonly by: string;
}

/** What the repository's own file says, what counts, and what lies between. */
export interface Standing {
  readonly own: Config | null;
  readonly effective: Config | null;
  readonly organisation: OrganisationView | null;
}

/** Every value in which what counts differs from what the repository's own file says. */
export function findDecisions(standing: Standing): readonly Decision[] {
  const { own, effective } = standing;
  if (own === null || effective === null || own === effective) return [];
  const find = createLineFinder(standing);
  return describeConfigChange(own, effective).map(({ key, before, after }) => ({
    ...{ key, before, after },
    by: nameDecider(standing, find(pathOf(key))),
  }));
}

/** Says what decides the value at a path; null where the repository's own file does. */
export function createDecidedBy(standing: Standing): (path: Path) => string | null {
  const find = createLineFinder(standing);
  return (path) => {
    const [own, effective] = [standing.own, standing.effective].map((config) => valueAt(config, path));
    return own === effective ? null : nameDecider(standing, find(path));
  };
}

function nameDecider({ organisation }: Standing, lines: readonly number[]): string {
  if (lines.length > 0) return `organisation, ${nameLines(lines)}`;
  return organisation?.text === null ? "organisation, never valid" : "governed";
}

function nameLines(lines: readonly number[]): string {
  const last = lines.at(-1);
  return lines.length === 1 ? `line ${last}` : `lines ${lines.slice(0, -1).join(", ")} and ${last}`;
}

function valueAt(config: Config | null, path: Path): string | undefined {
  const value = path.reduce<unknown>(
    (inner, part) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, part) : undefined),
    config,
  );
  return JSON.stringify(value);
}

/** `gates.size.files` and `windows (name)` as the paths at which files have them. */
function pathOf(key: string): Path {
  return key.replace(/ \(.*$/u, "").split(".");
}

/** Finds the lines of the owner's file that decide a key of a configuration. */
function createLineFinder({ organisation }: Standing): (path: Path) => readonly number[] {
  const text = organisation?.text ?? null;
  if (organisation === null || text === null) return () => [];
  const lines = createKeyLines(text);
  const bases = organisation.floors.map(({ only }): Path => (only === null ? [] : ["repositories", only]));
  const isGoverned = organisation.floors.some(({ governed }) => governed);
  return (path) => {
    const own = pathsBehind(path).flatMap((one) => bases.map((base) => lines([...base, ...one])));
    const governed = isGoverned && ["autonomy", "governed"].includes(String(path.at(-1)));
    const found = governed ? [...own, lines(["governed"])] : own;
    return [...new Set(found.filter((line) => line !== null))];
  };
}

/** Demands that other demands include; of lists, what is added stands elsewhere than in the sum. */
function pathsBehind(path: Path): readonly Path[] {
  if (path[0] === "ceilings" || path[0] === "windows") return [path.slice(0, 1)];
  if (path.at(-1) === "autonomy") return [["autonomy"], ["gates", "approvals"]];
  const name = path.join(".");
  if (name === "gates.people.verify" || name === "gates.integrity.enabled") return [path.slice(0, -1)];
  return [path];
}
