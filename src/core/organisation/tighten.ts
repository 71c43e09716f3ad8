import { type Autonomy, lowest } from "../autonomy/autonomy.ts";
import type { Config, GatesConfig, Limits } from "../config/config.ts";
import { createRecord } from "../yaml/create-record.ts";
import type { Floor, GatesFloor } from "./organisation.ts";

/** In a governed repository a person approves every merge. */
const MOST_GOVERNED: Autonomy = "merge-with-approval";

/** The configuration as it counts on a floor: in every key at least as strict as either of them says. */
export function tighten(config: Config, floor: Floor): Config {
  const governed = config.governed || floor.governed;
  const autonomy = lowest(config.autonomy, ...capsOf(floor, governed));
  return {
    ...config,
    mode: floor.mode ?? config.mode,
    autonomy,
    governed,
    limits: tightenLimits(config.limits, floor.limits),
    roles: createRecord(
      Object.entries(config.roles).map(([name, role]) => [
        name,
        { ...role, autonomy: role.autonomy && lowest(role.autonomy, autonomy) },
      ]),
    ),
    gates: tightenGates(config.gates, floor.gates),
    ceilings: addTo(config.ceilings, floor.ceilings),
    windows: addTo(config.windows, floor.windows),
  };
}

/** Approvals are read at one level only, so whoever demands them allows no higher one. */
function capsOf({ autonomy, gates }: Floor, governed: boolean): readonly Autonomy[] {
  const needsApproval = governed || gates.approvals !== undefined;
  return [...(autonomy === undefined ? [] : [autonomy]), ...(needsApproval ? [MOST_GOVERNED] : [])];
}

function tightenLimits(own: Limits, floor: Floor["limits"]): Limits {
  const perTeam = Object.entries(floor.perTeam ?? {}).map(
    ([team, limit]) =>
      [
        team,
        least(Object.hasOwn(own.perTeam, team) ? own.perTeam[team] : undefined, limit) ?? limit,
      ] as const,
  );
  return {
    running: least(own.running, floor.running) ?? own.running,
    perTeam: createRecord([...Object.entries(own.perTeam), ...perTeam]),
    openPulls: least(own.openPulls, floor.openPulls) ?? own.openPulls,
    minutesPerWeek: least(own.minutesPerWeek, floor.minutesPerWeek),
    usdPerWeek: least(own.usdPerWeek, floor.usdPerWeek),
    minutesPerTask: least(own.minutesPerTask, floor.minutesPerTask),
    usdPerTask: least(own.usdPerTask, floor.usdPerTask),
  };
}

function tightenGates(own: GatesConfig, floor: GatesFloor): GatesConfig {
  const { paths, size, people, integrity, evidence } = own;
  return {
    ...own,
    paths: { ...paths, protect: addTo(paths.protect, floor.protect) },
    size: {
      files: least(size.files, floor.files) ?? size.files,
      lines: least(size.lines, floor.lines) ?? size.lines,
    },
    assertions: own.assertions || floor.assertions,
    approvals: Math.max(own.approvals, floor.approvals ?? 0),
    owners: own.owners || floor.owners,
    people: {
      ...people,
      verify: people.verify || floor.people.verify,
      approvals: Math.max(people.approvals, floor.people.approvals),
      linkedIssue: people.linkedIssue || floor.people.linkedIssue,
    },
    integrity: {
      enabled: integrity.enabled || floor.integrity,
      evaluation: addTo(integrity.evaluation, floor.evaluation),
    },
    evidence: { artifacts: addTo(evidence.artifacts, floor.artifacts) },
  };
}

/** A bound that is not there bounds nothing. */
function least(own: number | undefined, floor: number | undefined): number | undefined {
  if (own === undefined || floor === undefined) return own ?? floor;
  return Math.min(own, floor);
}

/** Both lists, the repository's first; what both say is said once. */
function addTo<T>(own: readonly T[], more: readonly T[]): readonly T[] {
  const known = new Set(own.map((item) => JSON.stringify(item)));
  const fresh = more.filter((item) => !known.has(JSON.stringify(item)));
  return fresh.length === 0 ? own : [...own, ...fresh];
}
