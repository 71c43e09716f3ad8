import type { Effect } from "../../../src/core/effects.ts";
import type { Event } from "../../../src/core/events.ts";
import type { CheckNow, PullNow } from "../../../src/core/facts.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import type { BranchFacts } from "../../../src/core/plan/repository/repository.ts";
import type { TaskPull } from "../../../src/core/task/task.ts";
import { REPO } from "../build-snapshot.ts";
import type { Driver } from "./driver.ts";
import { OTHER_APP, OWN_APP, personOf } from "./people.ts";
import { DEFAULT_RULES, writeConfig } from "./rules.ts";
import { showCheck } from "./sights.ts";

/** A bug planted into the product: what one of its parts does wrongly. */
export interface Mutant {
  /** What the gates take a pull request for. */
  readonly pull?: (pull: PullNow, driver: Driver) => PullNow;
  readonly plan?: (plan: Plan, driver: Driver) => Plan;
  /** What is written instead of what was ordered. */
  readonly effect?: (effect: Effect, driver: Driver) => Effect;
  readonly event?: (event: Event, driver: Driver) => Event;
  readonly facts?: (facts: BranchFacts) => BranchFacts;
  /** Events that are dropped after an effect has ended. */
  readonly isDeaf?: (event: Event) => boolean;
  readonly skipsWithdrawal?: boolean;
  readonly isWatchdogDead?: boolean;
  readonly isNewestFirst?: boolean;
}

type Projected = Extract<Extract<Effect, { sort: "projection" }>["projection"], { kind: "check" }>;

const seeChecks = (change: (check: CheckNow) => CheckNow) => ({
  pull: (pull: PullNow): PullNow => ({ ...pull, checks: pull.checks.map(change) }),
});
const seePull = (change: Partial<PullNow>) => ({
  pull: (pull: PullNow): PullNow => ({ ...pull, ...change }),
});
const takeFor = (conclusions: readonly (string | null)[]) =>
  seeChecks((check) =>
    conclusions.includes(check.conclusion) ? { ...check, conclusion: "success" } : check,
  );

function withEffects(plan: Plan, change: (effect: Effect) => readonly Effect[]): Plan {
  return { ...plan, effects: plan.effects.flatMap(change) };
}

function onVerdicts(change: (check: Projected, driver: Driver) => Projected | null): Mutant {
  return {
    plan: (plan, driver) =>
      withEffects(plan, (effect) => {
        if (effect.sort !== "projection" || effect.projection.kind !== "check") return [effect];
        const projection = change(effect.projection, driver);
        return projection === null ? [] : [{ ...effect, projection }];
      }),
  };
}

function onPulls(change: (pull: TaskPull) => TaskPull): Mutant {
  return {
    plan: (plan) => ({
      ...plan,
      tasks: plan.tasks.map((task) => ({ ...task, pull: task.pull === null ? null : change(task.pull) })),
    }),
  };
}

function onMerges(change: (sha: string, driver: Driver) => string): Mutant {
  return {
    effect: (effect, driver) => {
      if (effect.sort !== "action" || effect.action.kind !== "merge") return effect;
      return { ...effect, action: { ...effect.action, sha: change(effect.action.sha, driver) } };
    },
  };
}

/** Bugs that the generated histories have to find, each by its name. */
export const MUTANTS: Readonly<Record<string, Mutant>> = {
  "merges without naming the commit": onMerges(() => ""),
  "merges whatever the head is by now": onMerges((_sha, { world }) => world.pull?.headSha ?? ""),
  "takes the verdict from the head before": {
    pull: (pull, { world }) => {
      const { parent } = world.commitOf(pull.headSha);
      const before = (parent === null ? undefined : world.checks.get(parent)) ?? [];
      return {
        ...pull,
        checks: before.length > 0 ? before.map(showCheck) : pull.checks,
      };
    },
  },
  "writes the verdict on whatever the head is by now": onVerdicts((check, { world }) => ({
    ...check,
    sha: world.pull?.headSha ?? check.sha,
  })),
  "overlooks the last check": { pull: (pull) => ({ ...pull, checks: pull.checks.slice(0, -1) }) },
  "takes a pending check for a success": seeChecks((check) =>
    check.status === "completed" ? check : { ...check, status: "completed", conclusion: "success" },
  ),
  "takes a failure for a success": takeFor(["failure", "error"]),
  "takes running out of time for a success": takeFor(["timed_out"]),
  "takes skipped and neutral for a success": takeFor(["skipped", "neutral"]),
  "takes an unknown word for a success": takeFor(["splendid", "SUCCESS"]),
  "takes cancelled for a success": takeFor(["cancelled", "action_required", "stale"]),
  "believes checks that carry its own name": seeChecks((check) => ({
    ...check,
    name: check.name.replace(/^orchestrator \/ /iu, ""),
  })),
  "believes its own checks": seeChecks((check) =>
    check.appId === OWN_APP ? { ...check, name: "own", appId: OTHER_APP } : check,
  ),
  "forgets suites that have not ended": seePull({ pendingSuites: [] }),
  "does not look at tests": {
    pull: (pull) => {
      const files = pull.files?.filter((file) => !/test|\.snap$/u.test(file.path)) ?? null;
      return { ...pull, files, changedFiles: files?.length ?? 0 };
    },
  },
  "does not look at what is added to tests": {
    pull: (pull) => {
      const files = pull.files?.filter(({ path, deletions }) => !/test/u.test(path) || deletions > 0) ?? null;
      return { ...pull, files, changedFiles: files?.length ?? 0 };
    },
  },
  "counts no lines": {
    pull: (pull) => ({
      ...pull,
      files: pull.files?.map((file) => ({ ...file, additions: 0, deletions: 0, patch: null })) ?? null,
    }),
  },
  "takes a part of the files for all of them": {
    pull: (pull) => ({ ...pull, files: pull.files ?? [], changedFiles: pull.files?.length ?? 0 }),
  },
  "takes a conflict for mergeable": seePull({ mergeable: true }),
  "does not look where it merges into": seePull({ baseRef: "main" }),
  "does not look where the head comes from": seePull({ headRepoId: REPO.id }),
  "takes any head for its own": {
    pull: (pull, { ledger }) => ({ ...pull, headSha: ledger.task?.pull?.headSha ?? pull.headSha }),
  },
  "lets approvals of other commits count": onPulls((pull) => ({
    ...pull,
    approvals: pull.approvals.map((approval) => ({ ...approval, sha: pull.headSha })),
  })),
  "lets whoever asked approve": {
    event: (event) =>
      event.kind === "comment.created" && event.sender.login === "robin"
        ? { ...event, sender: personOf("alice") }
        : event,
  },
  "lets anybody approve": {
    event: (event) =>
      event.kind === "comment.created" && event.body.includes("approve")
        ? { ...event, sender: personOf("bob") }
        : event,
  },
  "keeps to the first configuration": {
    facts: (facts) => ({ ...facts, configText: writeConfig({ ...DEFAULT_RULES, autonomy: "merge" }) }),
  },
  "does not ask again before it merges": { skipsWithdrawal: true },
  "never ends the check of a head that is gone": onVerdicts((check) =>
    check.conclusion === "cancelled" ? null : check,
  ),
  "keeps a failure for itself": onVerdicts((check) => (check.conclusion === "failure" ? null : check)),
  "does not hear that its pull request was opened": {
    isDeaf: (event) => event.kind === "effect.settled" && event.effect === "publish",
  },
  "never takes PASS back": {
    plan: (plan, { world }) =>
      withEffects(plan, (effect) => {
        const check =
          effect.sort === "projection" && effect.projection.kind === "check" ? effect.projection : null;
        const shown = check === null ? [] : (world.checks.get(check.sha) ?? []);
        const isPassed = shown.some(({ appId, conclusion }) => appId === OWN_APP && conclusion === "success");
        return isPassed ? [] : [effect];
      }),
  },
  "never looks again by itself": { isWatchdogDead: true },
};
