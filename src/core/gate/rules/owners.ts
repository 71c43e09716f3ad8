import type { OwnersFile } from "../../facts.ts";
import { code } from "../../messages/text.ts";
import type { Actor } from "../../repo.ts";
import { answerAs, type GateAnswer, type GateRule, type GateSubject } from "../gate-rule.ts";
import { listedFiles, touchedPaths } from "../match-paths.ts";
import { findOwners } from "../owners/find-owners.ts";
import { type Owner, type OwnerRule, readOwners } from "../owners/read-owners.ts";
import { validApprovals } from "./approval.ts";

const { pass, blocked } = answerAs("owners");

const MAX_DETAILS = 20;
const MAX_PATHS = 3;
const MAX_OWNERS = 5;

/** Paths of the change that one line of `CODEOWNERS` gives to somebody. */
interface OwnedPart {
  readonly rule: OwnerRule;
  readonly paths: readonly string[];
}

/** A person or team, and why their approval cannot come or cannot be seen. */
interface Candidate {
  readonly name: string;
  readonly obstacle: Obstacle | null;
}

/** Why an owner is none who could approve, and what to do about it. */
const OBSTACLES = {
  requester: {
    note: "asked for the change or wrote it, so it does not count",
    howToFix:
      "Name another owner in `CODEOWNERS` on the base branch, or let somebody else comment `/orchestrate override owners -- reason`.",
  },
  team: {
    note: "GitHub does not tell its members",
    howToFix: "Give the app the permission `members: read`, or name people in `CODEOWNERS`.",
  },
  nobody: { note: "has no members", howToFix: "Put people into the team." },
  email: {
    note: "an e-mail address does not say who approves",
    howToFix: "Name people in `CODEOWNERS` by `@user`.",
  },
} as const;
type Obstacle = keyof typeof OBSTACLES;

/** Whoever answers for a part of the tree has to agree to exactly this commit. */
export const ownersGate: GateRule = {
  name: "owners",
  purpose:
    "With `gates.owners`: of every changed path, an owner that `CODEOWNERS` names approved exactly this commit.",
  changedBy: ["push", "review", "base", "configuration"],
  key: ["gates", "owners"],
  isOverridable: true,
  appliesTo: ({ queued, config }) => queued === null && config.gates.owners,
  whyNot: "`gates.owners` is not switched on",
  evaluate(subject) {
    const { pull } = subject;
    const wanted = `an owner's approval of ${pull.headSha.slice(0, 7)}`;
    const unknown = (message: string, howToFix: string) =>
      blocked({ message, seen: "not known", wanted, howToFix });
    const files = listedFiles(pull);
    if (files === null)
      return unknown(
        "The list of changed files is not complete.",
        "Split the change, or review it and merge it by hand.",
      );
    if (pull.owners === undefined)
      return unknown("`CODEOWNERS` was not read.", "Push again, or review it and merge it by hand.");
    const { text } = pull.owners;
    if (text === null)
      return pass({
        message: "Nobody owns anything: there is no `CODEOWNERS` on the base branch.",
        seen: "no owner",
        wanted,
      });
    const rules = readOwners(text);
    const found = rules === null ? null : findOwners(rules, touchedPaths(files));
    if (found === null) {
      return unknown(
        "`CODEOWNERS` is too large to find the owners of this change.",
        "Write fewer and simpler lines, or review it and merge it by hand.",
      );
    }
    return judgeParts(partsOf(found), { subject, owners: pull.owners, wanted });
  },
};

function partsOf(found: ReadonlyMap<string, OwnerRule>): readonly OwnedPart[] {
  const byRule = Map.groupBy(found.keys(), (path) => found.get(path));
  return [...byRule].flatMap(([rule, paths]) =>
    rule === undefined || (rule.owners.length === 0 && rule.problem === null) ? [] : [{ rule, paths }],
  );
}

interface Case {
  readonly subject: GateSubject;
  readonly owners: OwnersFile;
  readonly wanted: string;
}

function judgeParts(parts: readonly OwnedPart[], { subject, owners, wanted }: Case): GateAnswer {
  if (parts.length === 0) return pass({ message: "No changed path has an owner.", seen: "no owner", wanted });
  const approvers = validApprovals(subject).map(({ by }) => by);
  const open = parts.filter(
    ({ rule }) =>
      rule.problem !== null ||
      !rule.owners.some((owner) => approvers.some((by) => isOwner(by, owner, owners))),
  );
  const seen = `${parts.length - open.length} of ${parts.length} owned parts approved`;
  const [first] = open;
  if (first === undefined) return pass({ message: "An owner of every owned part approved.", seen, wanted });
  const asked = open.map((part) => ({ part, candidates: candidatesOf(part.rule, { subject, owners }) }));
  const lines = asked.map(({ part, candidates }) => describe(part, candidates));
  const rest = open.length - 1;
  const others = rest === 0 ? "" : ` (and ${rest} more ${rest === 1 ? "part" : "parts"})`;
  return blocked({
    message: `Not agreed to by an owner: ${lines[0] ?? ""}${others}.`,
    seen,
    wanted,
    howToFix: fixesOf(asked, subject.pull.headSha),
    details: lines.slice(0, MAX_DETAILS),
  });
}

function isOwner(by: Actor, owner: Owner, { teams }: OwnersFile): boolean {
  if (owner.kind === "user") return owner.name.toLowerCase() === `@${by.login.toLowerCase()}`;
  return owner.kind === "team" && (membersOf(owner, teams)?.includes(by.id) ?? false);
}

/** Null where GitHub does not say, or was not asked. */
function membersOf({ name }: Owner, teams: OwnersFile["teams"]): readonly number[] | null {
  const key = [name, name.slice(1)].map((one) => one.toLowerCase()).find((one) => Object.hasOwn(teams, one));
  return key === undefined ? null : (teams[key] ?? null);
}

function candidatesOf(
  { owners }: OwnerRule,
  { subject, owners: file }: Pick<Case, "subject" | "owners">,
): readonly Candidate[] {
  const interested = [subject.requester, subject.pull.author];
  return owners.map((owner) => ({ name: owner.name, obstacle: obstacleOf(owner, { file, interested }) }));
}

function obstacleOf(
  owner: Owner,
  { file, interested }: { readonly file: OwnersFile; readonly interested: readonly Actor[] },
): Obstacle | null {
  if (owner.kind === "email") return "email";
  if (owner.kind === "user") return interested.some((by) => isOwner(by, owner, file)) ? "requester" : null;
  const members = membersOf(owner, file.teams);
  if (members === null) return "team";
  if (members.length === 0) return "nobody";
  return members.every((id) => interested.some((by) => by.id === id)) ? "requester" : null;
}

function describe({ rule, paths }: OwnedPart, candidates: readonly Candidate[]): string {
  const what = cutList(
    paths.map((path) => code(path)),
    MAX_PATHS,
  );
  if (rule.problem !== null)
    return `${what}, where line ${rule.line} (${code(rule.text, 80)}) cannot be relied on: ${rule.problem}`;
  const who = candidates.map(({ name, obstacle }) =>
    obstacle === null ? code(name) : `${code(name)} (${OBSTACLES[obstacle].note})`,
  );
  return `${what} of ${cutList(who, MAX_OWNERS)}, line ${rule.line}`;
}

/** What helps, each said once. */
function fixesOf(
  asked: readonly { readonly part: OwnedPart; readonly candidates: readonly Candidate[] }[],
  sha: string,
): string {
  const fixes = asked.flatMap(({ part, candidates }) => {
    if (part.rule.problem !== null) return ["Correct that line of `CODEOWNERS` on the base branch."];
    if (candidates.some(({ obstacle }) => obstacle === null))
      return [`Let one of them approve this commit, in a review or by \`/orchestrate approve ${sha}\`.`];
    return candidates.flatMap(({ obstacle }) => (obstacle === null ? [] : [OBSTACLES[obstacle].howToFix]));
  });
  return [...new Set(fixes)].join(" ");
}

function cutList(items: readonly string[], max: number): string {
  const rest = items.length - max;
  return `${items.slice(0, max).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
