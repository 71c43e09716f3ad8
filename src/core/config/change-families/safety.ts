import { type Autonomy, lowest } from "../../autonomy/autonomy.ts";
import {
  createFamily,
  createRewriting,
  type Describe,
  showList,
  showOr,
  weighCeiling,
  weighDemands,
  weighFloor,
} from "../compare-values.ts";
import type { Config, Critics, Window } from "../config.ts";
import { createDemands } from "./demands.ts";
import { limitMeanings, weighAutonomy } from "./general.ts";
import { showDuration } from "./roles.ts";

interface PathCeiling {
  readonly own: Autonomy | undefined;
  readonly granted: Autonomy;
}

const ceilings = createFamily<PathCeiling>({
  read(config, other) {
    const [own, theirs] = [ceilingsOf(config), ceilingsOf(other)];
    return [...new Set([...own.keys(), ...theirs.keys()])]
      .filter((glob) => own.get(glob) !== theirs.get(glob))
      .map((glob) => [`ceilings (${glob})`, grantOn(config, own.get(glob))]);
  },
  weigh: (before, after) => weighAutonomy(before?.granted, after?.granted),
  show: (ceiling) => ceiling?.own ?? `${ceiling?.granted ?? "none"} (the file's)`,
  means: {
    looser: ["ceiling-raised", "Work that touches these files goes further without a person."],
    tighter: ["ceiling-lowered", "Work that touches these files stops for a person earlier."],
  },
});

/** The lowest ceiling of each glob, whatever entries it is written in. */
function ceilingsOf({ ceilings: entries }: Config): ReadonlyMap<string, Autonomy> {
  const found = new Map<string, Autonomy>();
  for (const { paths, autonomy } of entries) {
    for (const glob of paths) found.set(glob, lowest(autonomy, found.get(glob) ?? autonomy));
  }
  return found;
}

function grantOn(config: Config, own: Autonomy | undefined): PathCeiling {
  return { own, granted: own === undefined ? config.autonomy : lowest(config.autonomy, own) };
}

const windows = createFamily<Window>({
  read: (config, other) =>
    config.windows
      .filter(({ name }) => other.windows.every((window) => window.name !== name))
      .map((window) => [keyOf(window), window]),
  weigh: (before) => (before === undefined ? "tighter" : "looser"),
  show: (window) =>
    window === undefined
      ? "none"
      : `${window.starts} (${window.timezone}) for ${showDuration(window.lastsMs)}, stops ${window.stops.join(", ")}`,
  means: {
    looser: ["window-removed", "The time in which something did not happen is gone."],
    tighter: ["window-added", "There is one more time in which something does not happen."],
  },
});

/** Another time cannot be compared: it leaves free what was stopped. */
const windowStarts = createFamily<string>({
  read: (config, other) =>
    sharedWindows(config, other).flatMap((window) => [
      [`${keyOf(window)}.starts`, window.starts] as const,
      [`${keyOf(window)}.timezone`, window.timezone] as const,
    ]),
  weigh: () => "looser",
  show: showOr("none"),
  means: { looser: ["window-moved", "It begins at another time, so what it stopped may happen."] },
});

const windowLengths = createFamily<number>({
  read: (config, other) =>
    sharedWindows(config, other).map((window) => [`${keyOf(window)}.lasts`, window.lastsMs]),
  weigh: weighFloor,
  show: showDuration,
  means: {
    looser: ["window-shortened", "It ends earlier."],
    tighter: ["window-lengthened", "It ends later."],
  },
});

const windowStops = createFamily<readonly string[]>({
  read: (config, other) =>
    sharedWindows(config, other).map((window) => [`${keyOf(window)}.stops`, window.stops]),
  weigh: weighDemands,
  show: showList("nothing"),
  means: {
    looser: ["window-narrowed", "Something goes on that it stopped."],
    tighter: ["window-widened", "It stops more."],
  },
});

function keyOf({ name }: Window): string {
  return `windows (${name})`;
}

function sharedWindows(config: Config, other: Config): readonly Window[] {
  return config.windows.filter(({ name }) => other.windows.some((window) => window.name === name));
}

const rewritten = createRewriting((config) => [
  { key: "ceilings", written: config.ceilings, meant: ceilingsOf(config) },
  {
    key: "windows",
    written: config.windows,
    meant: new Map(config.windows.map((window) => [window.name, window])),
  },
]);

const critics = createFamily<string>({
  read: (config, other) =>
    config.critics === undefined || other.critics !== undefined ? [] : [["critics", config.critics.workflow]],
  weigh: (before) => (before === undefined ? "tighter" : "looser"),
  show: showOr("none"),
  means: {
    looser: ["critics-removed", "Nothing looks at the default branch after a merge any more."],
    tighter: ["critics-added", "A run looks at the default branch after a merge."],
  },
});

const criticsWorkflow = createFamily<string>({
  read: (config, other) => sharedCritics(config, other).map(({ workflow }) => ["critics.workflow", workflow]),
  weigh: () => "looser",
  show: showOr("none"),
  means: { looser: ["workflow-changed", "Another workflow looks at the default branch after a merge."] },
});

const criticsInputs = createFamily<string>({
  read: (config, other) =>
    sharedCritics(config, other).flatMap(({ inputs }) =>
      Object.entries(inputs).map(([input, value]) => [`critics.inputs.${input}`, value] as const),
    ),
  weigh: () => "neutral",
  show: showOr("none"),
  means: { neutral: ["inputs-changed", "The workflow gets other values."] },
});

const criticsTimeout = createFamily<number>({
  read: (config, other) =>
    sharedCritics(config, other).map(({ timeoutMs }) => ["critics.timeout", timeoutMs]),
  weigh: weighCeiling,
  show: showDuration,
  means: limitMeanings("The run may take longer.", "The run is cancelled earlier."),
});

const criticsAccept = createDemands((config, other) =>
  sharedCritics(config, other).map(({ accept }) => ({ key: "critics.accept", demands: accept })),
);

/** Where only one side has critics, one row says so. */
function sharedCritics({ critics: own }: Config, other: Config): readonly Critics[] {
  return own === undefined || other.critics === undefined ? [] : [own];
}

const failures = createFamily<number>({
  read: ({ breaker }) => [["breaker.failures", breaker.failures]],
  weigh: weighCeiling,
  show: showOr("none"),
  means: {
    looser: ["breaker-loosened", "More troubles in a row are borne before a workflow is given a rest."],
    tighter: ["breaker-tightened", "A workflow is given a rest after fewer troubles in a row."],
  },
});

const pause = createFamily<number>({
  read: ({ breaker }) => [["breaker.pause", breaker.pauseMs]],
  weigh: weighFloor,
  show: showDuration,
  means: {
    looser: ["breaker-loosened", "A workflow that is in trouble is tried again earlier."],
    tighter: ["breaker-tightened", "A workflow that is in trouble is tried again later."],
  },
});

/** Keys of `ceilings`, `windows`, `critics` and `breaker`. */
export const safetyFamilies: readonly Describe[] = [
  ceilings,
  ...[windows, windowStarts, windowLengths, windowStops, rewritten],
  ...[critics, criticsWorkflow, criticsInputs, criticsTimeout, ...criticsAccept],
  ...[failures, pause],
];
