import { allows } from "../autonomy/autonomy.ts";
import { kindOfFormat, REPORT_FORMATS } from "../evidence/reports/read-report.ts";
import { plural } from "../messages/text.ts";
import type { Finding } from "../yaml/schema-problems.ts";
import { suggest } from "../yaml/suggest.ts";
import type { Role } from "./config.ts";
import { parseDuration } from "./duration.ts";
import { isEndless } from "./is-schedule.ts";
import { isBuiltIn } from "./normalise-config.ts";
import { protectedByDefault, type WrittenConfig } from "./written-config.ts";

export interface RuleInput {
  readonly written: WrittenConfig;
  /** Built-in and written roles together. */
  readonly roles: Readonly<Record<string, Role>>;
}

type Rule = (input: RuleInput) => readonly Finding[];

/** What must hold between keys; a schema sees one key at a time. */
export const configRules: readonly Rule[] = [
  ownRoleHasTeam,
  limitedTeamExists,
  kindHasRole,
  kindHasWorkflow,
  backupIsAnotherRole,
  stageNamesAreUnique,
  reportGateHasReport,
  metricsReportIsJudged,
  reportsAreDistinct,
  windowNamesAreUnique,
];

/** What is allowed, but hardly meant. */
export const configWarnings: readonly Rule[] = [
  roleAutonomyIsBelowCeiling,
  governedIsApproved,
  backupDoesNoMore,
  kindIsReachable,
  protectionIsKept,
  approvalsAreRead,
  peopleAreJudged,
  pathCeilingIsBelowCeiling,
  windowEnds,
  budgetHoldsRun,
];

function ownRoleHasTeam({ written }: RuleInput): readonly Finding[] {
  return Object.entries(written.roles)
    .filter(([name, role]) => role.team === undefined && !isBuiltIn(name))
    .map(([name]) => ({ path: ["roles", name], at: "key", message: `roles.${name}.team is missing` }));
}

function limitedTeamExists({ written, roles }: RuleInput): readonly Finding[] {
  const teams = new Set(Object.values(roles).map((role) => role.team));
  return Object.keys(written.limits.perTeam)
    .filter((team) => !teams.has(team))
    .map((team) => ({
      path: ["limits", "perTeam", team],
      at: "key",
      message: `no role belongs to the team "${team}"`,
      hint: suggest(team, teams),
    }));
}

function kindHasRole({ written, roles }: RuleInput): readonly Finding[] {
  return Object.entries(written.kinds).flatMap(([name, kind]): readonly Finding[] => {
    if (roles[kind.role ?? name] !== undefined) return [];
    if (kind.role === undefined) {
      const message = `kinds.${name}.role is missing, and there is no role named "${name}"`;
      return [{ path: ["kinds", name], at: "key", message, hint: suggest(name, Object.keys(roles)) }];
    }
    const message = `there is no role "${kind.role}"`;
    const hint = suggest(kind.role, Object.keys(roles));
    return [{ path: ["kinds", name, "role"], at: "value", message, hint }];
  });
}

function kindHasWorkflow({ written, roles }: RuleInput): readonly Finding[] {
  return Object.entries(written.kinds).flatMap(([name, kind]): readonly Finding[] => {
    const role = roles[kind.role ?? name];
    if (kind.stages !== undefined || role === undefined || role.workflow !== undefined) return [];
    const message = `kinds.${name} needs stages, or its role "${role.name}" a workflow`;
    return [{ path: ["kinds", name], at: "key", message }];
  });
}

function backupIsAnotherRole({ written, roles }: RuleInput): readonly Finding[] {
  return Object.entries(written.roles).flatMap(([name, { backup }]): readonly Finding[] => {
    if (backup === undefined || backup === false) return [];
    const place = { path: ["roles", name, "backup"], at: "value" as const };
    if (backup === name) return [{ ...place, message: `"${name}" cannot take over from itself` }];
    if (roles[backup] !== undefined) return [];
    return [{ ...place, message: `there is no role "${backup}"`, hint: suggest(backup, Object.keys(roles)) }];
  });
}

function stageNamesAreUnique({ written }: RuleInput): readonly Finding[] {
  return Object.entries(written.kinds).flatMap(([name, { stages = [] }]) =>
    stages.flatMap((stage, index): readonly Finding[] => {
      if (stages.findIndex((other) => other.name === stage.name) === index) return [];
      const message = `kinds.${name} has two stages named "${stage.name}"`;
      return [{ path: ["kinds", name, "stages", index, "name"], at: "value", message }];
    }),
  );
}

function reportGateHasReport({ written: { gates } }: RuleInput): readonly Finding[] {
  const listed = new Set(gates.reports?.files.map(({ format }) => kindOfFormat(format)));
  const judged = { ...gates, metrics: gates.metrics.length === 0 ? undefined : gates.metrics };
  return (["tests", "findings", "coverage", "metrics"] as const)
    .filter((kind) => judged[kind] !== undefined && !listed.has(kind))
    .map((kind) => {
      const formats = REPORT_FORMATS.filter((row) => row.kind === kind).map((row) => row.format);
      const message = `gates.${kind} needs a report in gates.reports.files of the format ${formats.join(" or ")}`;
      return { path: ["gates", kind], at: "key", message };
    });
}

/** A metric is judged only where the file says which values are good, so a report that nothing looks at is a mistake. */
function metricsReportIsJudged({ written: { gates } }: RuleInput): readonly Finding[] {
  if (gates.metrics.length > 0) return [];
  return (gates.reports?.files ?? []).flatMap(({ format }, index): readonly Finding[] => {
    if (kindOfFormat(format) !== "metrics") return [];
    const message = "a report of the format metrics needs gates.metrics, which says what is good enough";
    return [{ path: ["gates", "reports", "files", index, "format"], at: "value", message }];
  });
}

/** Two coverage reports of the same lines cannot be added up, so there is one. */
function reportsAreDistinct({ written: { gates } }: RuleInput): readonly Finding[] {
  const files = gates.reports?.files ?? [];
  return files.flatMap(({ format, path }, index): readonly Finding[] => {
    const earlier = files.slice(0, index);
    const place = ["gates", "reports", "files", index];
    if (earlier.some((file) => file.path === path))
      return [{ path: [...place, "path"], at: "value", message: `"${path}" is listed twice` }];
    const isSecond = kindOfFormat(format) === "coverage" && earlier.some((file) => file.format === format);
    const message = "there can be only one coverage report; merge them in the workflow";
    return isSecond ? [{ path: [...place, "format"], at: "value", message }] : [];
  });
}

function windowNamesAreUnique({ written: { windows } }: RuleInput): readonly Finding[] {
  return windows.flatMap(({ name }, index): readonly Finding[] => {
    if (windows.findIndex((other) => other.name === name) === index) return [];
    const message = `there are two windows named "${name}"`;
    return [{ path: ["windows", index, "name"], at: "value", message }];
  });
}

function governedIsApproved({ written: { governed, autonomy } }: RuleInput): readonly Finding[] {
  if (!governed || allows("merge-with-approval", autonomy)) return [];
  const message = "a governed repository goes no further than merge-with-approval, so that counts";
  return [{ path: ["autonomy"], at: "value", message }];
}

function roleAutonomyIsBelowCeiling({ written }: RuleInput): readonly Finding[] {
  return Object.entries(written.roles).flatMap(([name, { autonomy }]): readonly Finding[] => {
    if (autonomy === undefined || allows(written.autonomy, autonomy)) return [];
    const message = `roles.${name}.autonomy is above the ceiling, so ${written.autonomy} counts`;
    return [{ path: ["roles", name, "autonomy"], at: "value", message }];
  });
}

function backupDoesNoMore({ written, roles }: RuleInput): readonly Finding[] {
  return Object.entries(written.roles).flatMap(([name, { backup }]): readonly Finding[] => {
    const other = backup === undefined || backup === false ? undefined : roles[backup];
    const own = roles[name]?.autonomy ?? written.autonomy;
    if (other === undefined || allows(own, other.autonomy ?? written.autonomy)) return [];
    const message = `"${other.name}" may go further than "${name}", so it never takes over`;
    return [{ path: ["roles", name, "backup"], at: "value", message }];
  });
}

function kindIsReachable({ written }: RuleInput): readonly Finding[] {
  const earlier: { readonly name: string; readonly labels: readonly string[] }[] = [];
  return Object.entries(written.kinds).flatMap(([name, { match }]): readonly Finding[] => {
    const labels = (match?.labels ?? [name]).map((label) => label.toLowerCase());
    const shadow = earlier.find((other) => other.labels.every((label) => labels.includes(label)));
    earlier.push({ name, labels });
    if (shadow === undefined) return [];
    const message = `no issue is ever of the kind "${name}": whatever matches it matches "${shadow.name}" first`;
    return [{ path: ["kinds", name], at: "key", message }];
  });
}

function protectionIsKept({ written }: RuleInput): readonly Finding[] {
  const { protect } = written.gates.paths;
  const dropped = protectedByDefault.filter((glob) => !protect.includes(glob));
  if (dropped.length === 0) return [];
  const message = `no longer protected: ${dropped.join(", ")}`;
  return [{ path: ["gates", "paths", "protect"], at: "key", message }];
}

function approvalsAreRead({ written }: RuleInput): readonly Finding[] {
  const { autonomy, roles, gates } = written;
  const ceilings = [autonomy, ...Object.values(roles).map((role) => role.autonomy)];
  if (gates.approvals === 1 || ceilings.includes("merge-with-approval")) return [];
  const message = "gates.approvals is read only where the autonomy is merge-with-approval";
  return [{ path: ["gates", "approvals"], at: "key", message }];
}

function peopleAreJudged({ written }: RuleInput): readonly Finding[] {
  const { verify, approvals, branches, linkedIssue } = written.gates.people;
  if (verify) return [];
  const demands = { approvals: approvals > 0, branches: branches.length > 0, linkedIssue };
  return Object.entries(demands)
    .filter(([, isMade]) => isMade)
    .map(([key]) => {
      const message = `gates.people.${key} is not read where gates.people.verify is false`;
      return { path: ["gates", "people", key], at: "key", message };
    });
}

function pathCeilingIsBelowCeiling({ written }: RuleInput): readonly Finding[] {
  return written.ceilings.flatMap(({ autonomy }, index): readonly Finding[] => {
    if (allows(written.autonomy, autonomy)) return [];
    const message = `ceilings[${index}].autonomy is above that of the file, so ${written.autonomy} counts`;
    return [{ path: ["ceilings", index, "autonomy"], at: "value", message }];
  });
}

function windowEnds({ written }: RuleInput): readonly Finding[] {
  return written.windows.flatMap(({ starts, timezone, lasts }, index): readonly Finding[] => {
    if (!isEndless(starts, timezone, parseDuration(lasts))) return [];
    const message = `windows[${index}] begins again before it is over, so it may never end`;
    return [{ path: ["windows", index, "lasts"], at: "value", message }];
  });
}

/** Before anything is known of a workflow, a run is expected to take as long as it may. */
function budgetHoldsRun({ written: { limits, kinds }, roles }: RuleInput): readonly Finding[] {
  const timeouts = Object.entries(kinds).flatMap(([name, { role = name, stages }]) => {
    const ownMs = roles[role]?.timeoutMs ?? 0;
    return stages?.map(({ timeout }) => (timeout === undefined ? ownMs : parseDuration(timeout))) ?? [ownMs];
  });
  const longest = Math.max(0, ...timeouts) / 60_000;
  return (["minutesPerWeek", "minutesPerTask"] as const).flatMap((key): readonly Finding[] => {
    const limit = limits[key];
    if (limit === undefined || limit >= longest) return [];
    const message = `limits.${key} is less than the ${plural(longest, "minute")} that a run may take, which ${longest === 1 ? "counts" : "count"} while nothing is known of its workflow; lower \`timeout\` as well`;
    return [{ path: ["limits", key], at: "value", message }];
  });
}
