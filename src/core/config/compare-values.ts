import type { Config } from "./config.ts";

/** `looser`: more may happen, or less is asked for. What cannot be compared but decides about work counts as looser. */
export type Direction = "looser" | "tighter" | "neutral";

/** One key of the configuration that changes, and what that means. */
export interface ConfigChange {
  /** The sort of change, such as `threshold-loosened`. */
  readonly name: string;
  /** The key as the file writes it, such as `limits.running`. */
  readonly key: string;
  readonly before: string;
  readonly after: string;
  readonly sentence: string;
  readonly direction: Direction;
}

/** Name and sentence of a change. */
export type Meaning = readonly [name: string, sentence: string];

/** Keys that are read, compared, shown and named in the same way. */
interface Family<T> {
  /** Values by key. A key may be left out as long as `other` shows it in a row of its own. */
  readonly read: (config: Config, other: Config) => readonly (readonly [key: string, value: T])[];
  readonly weigh: (before: T | undefined, after: T | undefined) => Direction;
  /** Undefined: the key is not there. */
  readonly show: (value: T | undefined) => string;
  readonly means: Readonly<Partial<Record<Direction, Meaning>>>;
}

export type Describe = (before: Config, after: Config) => readonly ConfigChange[];

/** Makes the row of a family: it names every key whose value differs. */
export function createFamily<T>({ read, weigh, show, means }: Family<T>): Describe {
  return (before, after) => {
    const old = new Map(read(before, after));
    const fresh = new Map(read(after, before));
    return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((key): readonly ConfigChange[] => {
      const [was, is] = [old.get(key), fresh.get(key)];
      if (JSON.stringify(was) === JSON.stringify(is)) return [];
      const direction = weigh(was, is);
      const [name, sentence] = means[direction] ?? NO_EFFECT;
      return [{ name, key, before: show(was), after: show(is), sentence, direction }];
    });
  };
}

const NO_EFFECT: Meaning = ["rewritten", "It means the same."];

/** A list as it is written, and what it comes to whatever its order and grouping. */
interface Rewritable {
  readonly key: string;
  readonly written: readonly unknown[];
  readonly meant: ReadonlyMap<string, unknown>;
}

/** Makes the row of lists that can be written in several ways: it names those that only the way differs of. */
export function createRewriting(read: (config: Config, other: Config) => readonly Rewritable[]): Describe {
  return createFamily<readonly unknown[]>({
    read(config, other) {
      const there = new Map(read(other, config).map(({ key, meant }) => [key, sortedText(meant)]));
      return read(config, other)
        .filter(({ key, meant }) => there.get(key) === sortedText(meant))
        .map(({ key, written }) => [key, written]);
    },
    weigh: () => "neutral",
    show: (items = []) => `${items.length} in this order`,
    means: {},
  });
}

function sortedText(meant: ReadonlyMap<string, unknown>): string {
  return JSON.stringify([...meant].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Of several comparisons: looser if any is, else tighter if any is. */
export function weighAll(...directions: readonly Direction[]): Direction {
  if (directions.includes("looser")) return "looser";
  return directions.includes("tighter") ? "tighter" : "neutral";
}

/** For a value of which more means that more may happen; a value that is not there is no limit. */
export function weighCeiling(before: number | undefined, after: number | undefined): Direction {
  const [was, is] = [before ?? Number.POSITIVE_INFINITY, after ?? Number.POSITIVE_INFINITY];
  if (is === was) return "neutral";
  return is > was ? "looser" : "tighter";
}

/** For a value of which less means that less is asked for; a value that is not there asks for nothing. */
export function weighFloor(before: number | undefined, after: number | undefined): Direction {
  const [was, is] = [before ?? Number.NEGATIVE_INFINITY, after ?? Number.NEGATIVE_INFINITY];
  if (is === was) return "neutral";
  return is < was ? "looser" : "tighter";
}

/** For a demand that is made or not. */
export function weighSwitch(
  before: boolean | undefined = false,
  after: boolean | undefined = false,
): Direction {
  if (before === after) return "neutral";
  return after ? "tighter" : "looser";
}

/** For a list of demands. */
export function weighDemands(
  before: readonly string[] | undefined = [],
  after: readonly string[] | undefined = [],
): Direction {
  if (before.some((item) => !after.includes(item))) return "looser";
  return after.some((item) => !before.includes(item)) ? "tighter" : "neutral";
}

/** For a list of permissions. */
export function weighPermissions(
  before: readonly string[] | undefined = [],
  after: readonly string[] | undefined = [],
): Direction {
  return weighDemands(after, before);
}

/** For a list of permissions that permits everything while it is empty. */
export function weighAllowed(before: readonly string[] = [], after: readonly string[] = []): Direction {
  if (before.length === 0) return "tighter";
  return after.length === 0 ? "looser" : weighPermissions(before, after);
}

export function showList(empty: string): (items: readonly string[] | undefined) => string {
  return (items = []) => (items.length === 0 ? empty : items.join(", "));
}

export function showSwitch(isOn: boolean | undefined): string {
  return isOn ? "on" : "off";
}

export function showOr(missing: string): (value: string | number | boolean | undefined) => string {
  return (value) => (value === undefined ? missing : String(value));
}
