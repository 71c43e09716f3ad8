import {
  endingOf,
  literalEnding,
  literalName,
  literalPrefix,
  type Meter,
  matchesPattern,
} from "./path-pattern.ts";
import type { OwnerRule } from "./read-owners.ts";

/** Rules by what a path must begin with or have in it, so that a path meets few of ten thousand. */
interface RuleIndex {
  readonly root: Branch;
  readonly byName: ReadonlyMap<string, readonly OwnerRule[]>;
  readonly byEnding: ReadonlyMap<string, readonly OwnerRule[]>;
  readonly others: readonly OwnerRule[];
}

interface Branch {
  readonly rules: OwnerRule[];
  readonly branches: Map<string, Branch>;
}

/** What is done in about a tenth of a second. */
const MAX_STEPS = 5_000_000;
const STEPS_PER_NAME = 10;

/** The rule that counts for each path that one matches; null when finding out takes too long. */
export function findOwners(
  rules: readonly OwnerRule[],
  paths: readonly string[],
): ReadonlyMap<string, OwnerRule> | null {
  const index = indexRules(rules);
  const meter: Meter = { left: MAX_STEPS };
  const found = new Map<string, OwnerRule>();
  for (const path of paths) {
    const rule = findLast(path, index, meter);
    if (meter.left < 0) return null;
    if (rule !== undefined) found.set(path, rule);
  }
  return found;
}

function findLast(path: string, index: RuleIndex, meter: Meter): OwnerRule | undefined {
  const names = path.split("/");
  meter.left -= names.length * STEPS_PER_NAME;
  let best: OwnerRule | undefined;
  for (const rules of listsFor(names, index)) best = findLater(rules, { names, best, meter });
  return best;
}

/** The last rule that matches and comes after the best one so far; every list has the last line first. */
function findLater(
  rules: readonly OwnerRule[],
  sought: { readonly names: readonly string[]; readonly best: OwnerRule | undefined; readonly meter: Meter },
): OwnerRule | undefined {
  const { names, best, meter } = sought;
  for (const rule of rules) {
    if (rule.line <= (best?.line ?? 0)) return best;
    if (matchesPattern(rule.pattern, names, meter)) return rule;
  }
  return best;
}

function* listsFor(names: readonly string[], { root, byName, byEnding, others }: RuleIndex) {
  let branch: Branch | undefined = root;
  for (const name of names) {
    yield byName.get(name) ?? [];
    yield byEnding.get(endingOf(name) ?? "") ?? [];
    branch = branch?.branches.get(name);
    if (branch !== undefined) yield branch.rules;
  }
  yield others;
}

function indexRules(rules: readonly OwnerRule[]): RuleIndex {
  const root: Branch = { rules: [], branches: new Map() };
  const byName = new Map<string, OwnerRule[]>();
  const byEnding = new Map<string, OwnerRule[]>();
  const others: OwnerRule[] = [];
  for (const rule of rules.toReversed()) {
    const name = literalName(rule.pattern);
    const ending = literalEnding(rule.pattern);
    const prefix = literalPrefix(rule.pattern);
    if (name !== undefined) pushTo(byName, name, rule);
    else if (ending !== undefined) pushTo(byEnding, ending, rule);
    else if (prefix.length > 0) growBranch(root, prefix).rules.push(rule);
    else others.push(rule);
  }
  return { root, byName, byEnding, others };
}

function growBranch(root: Branch, prefix: readonly string[]): Branch {
  return prefix.reduce((branch, name) => {
    const known = branch.branches.get(name);
    if (known !== undefined) return known;
    const grown: Branch = { rules: [], branches: new Map() };
    branch.branches.set(name, grown);
    return grown;
  }, root);
}

function pushTo(lists: Map<string, OwnerRule[]>, name: string, rule: OwnerRule): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [rule]);
  else list.push(rule);
}
