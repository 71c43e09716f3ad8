import { type Autonomy, autonomies } from "../../autonomy/autonomy.ts";
import {
  createFamily,
  type Describe,
  type Direction,
  type Meaning,
  showList,
  showOr,
  showSwitch,
  weighCeiling,
  weighPermissions,
  weighSwitch,
} from "../compare-values.ts";
import type { Limits, WeeklyReport } from "../config.ts";

export function weighAutonomy(before: Autonomy | undefined, after: Autonomy | undefined): Direction {
  return weighCeiling(rankOf(before), rankOf(after));
}

function rankOf(autonomy: Autonomy | undefined): number | undefined {
  return autonomy === undefined ? undefined : autonomies.indexOf(autonomy);
}

const mode = createFamily<"active" | "shadow">({
  read: (config) => [["mode", config.mode]],
  weigh: (_, after) => (after === "active" ? "looser" : "tighter"),
  show: showOr("none"),
  means: {
    looser: ["mode-activated", "What was only decided and shown is done from then on."],
    tighter: ["mode-shadowed", "Everything is only decided and shown, nothing is done."],
  },
});

const autonomy = createFamily<Autonomy>({
  read: (config) => [["autonomy", config.autonomy]],
  weigh: weighAutonomy,
  show: showOr("none"),
  means: {
    looser: ["autonomy-raised", "Work goes further without a person."],
    tighter: ["autonomy-lowered", "Work stops for a person earlier, also work that is under way."],
  },
});

const governed = createFamily<boolean>({
  read: (config) => [["governed", config.governed]],
  weigh: weighSwitch,
  show: showSwitch,
  means: {
    looser: [
      "governance-ended",
      "Tasks start without a maintainer, and text of the repository may be shown elsewhere.",
    ],
    tighter: ["governed", "A maintainer lets each task start, and no text is shown anywhere else."],
  },
});

const label = createFamily<string>({
  read: (config) => [["label", config.label]],
  weigh: () => "looser",
  show: showOr("none"),
  means: { looser: ["label-changed", "Another label hands issues over."] },
});

const LIMITS: readonly (readonly [key: Exclude<keyof Limits, "perTeam">, looser: string, tighter: string])[] =
  [
    ["running", "More tasks run at the same time.", "Fewer tasks run at the same time."],
    ["openPulls", "More pull requests of tasks may be open.", "Fewer pull requests of tasks may be open."],
    ["minutesPerWeek", "Runs may take more minutes per week.", "Runs may take fewer minutes per week."],
    ["usdPerWeek", "Runs may cost more per week.", "Runs may cost less per week."],
    ["minutesPerTask", "A task may take more minutes of runs.", "A task may take fewer minutes of runs."],
    ["usdPerTask", "A task may cost more.", "A task may cost less."],
  ];

const limits = LIMITS.map(([key, looser, tighter]) =>
  createFamily<number>({
    read: ({ limits: { [key]: limit } }) => (limit === undefined ? [] : [[`limits.${key}`, limit]]),
    weigh: weighCeiling,
    show: showOr("no limit"),
    means: limitMeanings(looser, tighter),
  }),
);

const teams = createFamily<number>({
  read: (config) =>
    Object.entries(config.limits.perTeam).map(([team, limit]) => [`limits.perTeam.${team}`, limit]),
  weigh: weighCeiling,
  show: showOr("no limit"),
  means: limitMeanings(
    "More tasks of the team run at the same time.",
    "Fewer tasks of the team run at the same time.",
  ),
});

export function limitMeanings(looser: string, tighter: string): Partial<Record<Direction, Meaning>> {
  return { looser: ["limit-raised", looser], tighter: ["limit-lowered", tighter] };
}

const bots = createFamily<readonly string[]>({
  read: (config) => [["allowedBots", config.allowedBots.map(String)]],
  weigh: weighPermissions,
  show: showList("none"),
  means: {
    looser: ["bot-allowed", "Labels and comments of another bot count like a person's."],
    tighter: ["bot-removed", "Labels and comments of a bot do not count any more."],
  },
});

const roadmap = createFamily<string>({
  read: (config) => (config.roadmap === undefined ? [] : [["roadmap", config.roadmap]]),
  weigh: (before) => (before === undefined ? "neutral" : "looser"),
  show: showOr("none"),
  means: {
    looser: ["roadmap-changed", "What tasks wait for and need is not read from the same file any more."],
    neutral: ["roadmap-added", "What tasks wait for and need is read from this file too."],
  },
});

const roadmapIssues = createFamily<number>({
  read: ({ roadmap: file, roadmapIssues: { open } }) => [
    ["roadmapIssues.open", file === undefined ? 0 : open],
  ],
  weigh: weighCeiling,
  show: showOr("none"),
  means: limitMeanings(
    "More tasks of the roadmap get an issue by themselves, and work on them starts as far as the autonomy goes.",
    "Fewer tasks of the roadmap get an issue by themselves.",
  ),
});

const roadmapPull = createFamily<boolean>({
  read: ({ roadmap: file, roadmapUpdates: { pullRequest } }) => [
    ["roadmapUpdates.pullRequest", file !== undefined && pullRequest],
  ],
  weigh: (before, after) => weighSwitch(after, before),
  show: showSwitch,
  means: {
    looser: ["roadmap-written", "The app opens a pull request that writes progress into the roadmap."],
    tighter: ["roadmap-not-written", "The app writes no progress into the roadmap."],
  },
});

const roadmapContext = createFamily<string>({
  read: ({ roadmapUpdates: { context } }) =>
    context === undefined ? [] : [["roadmapUpdates.context", context]],
  weigh: () => "neutral",
  show: showOr("none"),
  means: { neutral: ["context-file-changed", "Milestones are noted in another file, or in none."] },
});

const knowledge = createFamily<boolean>({
  read: (config) => [["knowledge.brief", config.knowledge.brief]],
  weigh: (before, after) => weighSwitch(after, before),
  show: showSwitch,
  means: {
    looser: ["knowledge-told", "Tasks are told what earlier ones learned."],
    tighter: ["knowledge-kept-back", "Tasks are not told what earlier ones learned."],
  },
});

const weekly = createFamily<WeeklyReport>({
  read: ({ reports }) => (reports.weekly === undefined ? [] : [["reports.weekly", reports.weekly]]),
  weigh: () => "neutral",
  show: (report) =>
    report === undefined ? "none" : `issue ${report.issue}, ${report.cron}, ${report.timezone}`,
  means: { neutral: ["report-changed", "The weekly report is written elsewhere, at another time, or not."] },
});

/** Keys of the repository as a whole. */
export const generalFamilies: readonly Describe[] = [
  ...[mode, autonomy, governed, label, ...limits, teams],
  ...[bots, roadmap, roadmapIssues, roadmapPull, roadmapContext, knowledge, weekly],
];
