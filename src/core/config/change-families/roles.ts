import { type Autonomy, lowest } from "../../autonomy/autonomy.ts";
import { duration } from "../../messages/text.ts";
import { createFamily, type Describe, showOr, weighCeiling } from "../compare-values.ts";
import type { Config, Role } from "../config.ts";
import { limitMeanings, weighAutonomy } from "./general.ts";

/** What a role may do in the end. A role that is not there leaves it to the file. */
export function grantOf(config: Config, name: string): Autonomy {
  const own = Object.hasOwn(config.roles, name) ? config.roles[name]?.autonomy : undefined;
  return own === undefined ? config.autonomy : lowest(config.autonomy, own);
}

/** A timeout, also where the file leaves it to be derived from another key. */
export function showDuration(ms: number | undefined): string {
  return ms === undefined ? "none" : duration(ms);
}

interface Granted {
  readonly team: string;
  readonly own: Autonomy;
  /** What its tasks may do without it. */
  readonly otherwise: Autonomy;
}

const roles = createFamily<Granted>({
  read: (config, other) =>
    Object.values(config.roles)
      .filter(({ name }) => !Object.hasOwn(other.roles, name))
      .map(({ name, team }) => [
        `roles.${name}`,
        { team, own: grantOf(config, name), otherwise: other.autonomy },
      ]),
  weigh: (before) =>
    before !== undefined && weighAutonomy(before.own, before.otherwise) === "looser" ? "looser" : "neutral",
  show: (role) => (role === undefined ? "none" : `team ${role.team}, ${role.own}`),
  means: {
    looser: ["autonomy-raised", "The role's own ceiling is gone, so the file's counts for its tasks."],
    neutral: ["role-changed", "The role comes or goes; it works only where a kind names it."],
  },
});

interface Ceiling {
  readonly own: Autonomy | undefined;
  readonly granted: Autonomy;
}

const autonomy = createFamily<Ceiling>({
  read: (config, other) =>
    sharedRoles(config, other)
      .filter((role) => role.autonomy !== other.roles[role.name]?.autonomy)
      .map((role) => [
        `roles.${role.name}.autonomy`,
        { own: role.autonomy, granted: grantOf(config, role.name) },
      ]),
  weigh: (before, after) => weighAutonomy(before?.granted, after?.granted),
  show: (ceiling) => ceiling?.own ?? `${ceiling?.granted ?? "none"} (the file's)`,
  means: {
    looser: ["autonomy-raised", "Work of this role goes further without a person."],
    tighter: ["autonomy-lowered", "Work of this role stops for a person earlier."],
  },
});

interface Membership {
  readonly team: string;
  readonly isLimited: boolean;
}

const team = createFamily<Membership>({
  read: (config, other) =>
    sharedRoles(config, other)
      .filter((role) => role.team !== other.roles[role.name]?.team)
      .map((role) => [
        `roles.${role.name}.team`,
        { team: role.team, isLimited: Object.hasOwn(config.limits.perTeam, role.team) },
      ]),
  weigh(before, after) {
    if (before?.isLimited) return "looser";
    return after?.isLimited ? "tighter" : "neutral";
  },
  show: (membership) => membership?.team ?? "none",
  means: {
    looser: ["limit-raised", "The role's tasks do not count for the limit of its team any more."],
    tighter: ["limit-lowered", "The role's tasks count for the limit of the other team."],
    neutral: ["team-changed", "The role counts for another team; neither has a limit."],
  },
});

const workflow = createFamily<string>({
  read: (config, other) =>
    sharedRoles(config, other).flatMap((role) =>
      role.workflow === undefined ? [] : [[`roles.${role.name}.workflow`, role.workflow] as const],
    ),
  weigh: () => "looser",
  show: showOr("none"),
  means: {
    looser: ["workflow-changed", "Another workflow does the work; what it may do is for you to see."],
  },
});

const backup = createFamily<string>({
  read: (config, other) =>
    sharedRoles(config, other).flatMap((role) =>
      role.backup === undefined ? [] : [[`roles.${role.name}.backup`, role.backup] as const],
    ),
  weigh: (_, after) => (after === undefined ? "tighter" : "looser"),
  show: showOr("none"),
  means: {
    looser: ["backup-changed", "Another role takes over while this one cannot work."],
    tighter: ["backup-removed", "Nobody takes over while this role cannot work; its tasks wait."],
  },
});

const provider = createFamily<string>({
  read: (config, other) =>
    sharedRoles(config, other).flatMap((role) =>
      role.provider === undefined ? [] : [[`roles.${role.name}.provider`, role.provider] as const],
    ),
  weigh: () => "neutral",
  show: showOr("none"),
  means: {
    neutral: ["provider-changed", "The role rests with others when the provider's model is in trouble."],
  },
});

const branch = createFamily<string>({
  read: (config, other) =>
    sharedRoles(config, other).map((role) => [`roles.${role.name}.branch`, role.branch]),
  weigh: () => "neutral",
  show: showOr("none"),
  means: { neutral: ["branch-changed", "Branches of the role's pull requests begin with this."] },
});

const attempts = createFamily<number>({
  read: (config, other) =>
    sharedRoles(config, other).map((role) => [`roles.${role.name}.attempts`, role.attempts]),
  weigh: weighCeiling,
  show: showOr("none"),
  means: limitMeanings("New tasks are tried more often.", "New tasks are tried less often."),
});

const timeout = createFamily<number>({
  read: (config, other) =>
    sharedRoles(config, other).map((role) => [`roles.${role.name}.timeout`, role.timeoutMs]),
  weigh: weighCeiling,
  show: showDuration,
  means: limitMeanings("An attempt may take longer.", "An attempt is cancelled earlier."),
});

const budgets = (["minutesPerWeek", "usdPerWeek"] as const).map((key) =>
  createFamily<number>({
    read: (config, other) =>
      sharedRoles(config, other).flatMap(({ name, [key]: limit }) =>
        limit === undefined ? [] : [[`roles.${name}.${key}`, limit] as const],
      ),
    weigh: weighCeiling,
    show: showOr("no limit"),
    means: limitMeanings(
      "Runs of the role may take more per week.",
      "Runs of the role may take less per week.",
    ),
  }),
);

function sharedRoles(config: Config, other: Config): readonly Role[] {
  return Object.values(config.roles).filter(({ name }) => Object.hasOwn(other.roles, name));
}

/** Keys of `roles`. */
export const roleFamilies: readonly Describe[] = [
  ...[roles, autonomy, team, workflow],
  ...[provider, backup, branch, attempts, timeout, ...budgets],
];
