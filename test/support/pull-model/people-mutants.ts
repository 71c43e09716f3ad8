import type { Effect } from "../../../src/core/effects.ts";
import type { PullNow } from "../../../src/core/facts.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import type { Pull } from "../../../src/core/pull/pull.ts";
import { REPO } from "../build-snapshot.ts";
import type { Driver } from "./driver.ts";
import type { Mutant } from "./mutants.ts";
import { VERIFY_CHECK, verifyCheckOf } from "./own-checks.ts";
import { personOf } from "./people.ts";

const SECOND_MS = 1000;

type Check = NonNullable<ReturnType<typeof verifyCheckOf>>;

function onRecords(change: (pull: Pull) => Pull): Mutant {
  return { plan: (plan) => ({ ...plan, pulls: plan.pulls.map(change) }) };
}

/** Changes or drops what is said of a commit. */
function onChecks(change: (check: Check, driver: Driver, plan: Plan) => Check | null): Mutant {
  return {
    plan: (plan, driver) => ({
      ...plan,
      effects: plan.effects.flatMap((effect): readonly Effect[] => {
        const check = verifyCheckOf(effect);
        if (check === undefined || effect.sort === "action") return [effect];
        const projection = change(check, driver, plan);
        return projection === null ? [] : [{ ...effect, projection }];
      }),
    }),
  };
}

const passed = (check: Check): Check => ({ ...check, status: "completed", conclusion: "success" });

const seeReviews = (change: (pull: PullNow, driver: Driver) => PullNow["reviews"]): Mutant => ({
  pull: (pull, driver) => {
    const reviews = change(pull, driver);
    return reviews === undefined ? pull : { ...pull, reviews };
  },
});

const OVERRIDABLE = ["checks", "size", "paths", "integrity", "assertions", "link", "owners", "window"];

function isOfGroup({ world }: Driver, { sha }: Check): boolean {
  return world.groups.some((group) => group.sha === sha);
}

/** Shows a PASS at a new head without the second look that is ordered. */
function passAtOnce(plan: Plan): Plan {
  const order = plan.events.find((event) => event.kind === "pull.changed" && event.action === "head");
  if (order?.kind !== "pull.changed") return plan;
  const isMeant = (pull: Pull) => pull.kind === "pull" && pull.number === order.pull;
  const verdict = { value: "PASS" as const, gates: [] };
  const shown = plan.pulls.filter(isMeant).map(({ headSha: sha, number }): Effect => {
    const output = { title: "", summary: "" };
    const check = { kind: "check" as const, sha, name: VERIFY_CHECK, output, annotations: [] };
    const about = { key: `${REPO.id}:verify:${sha}`, subject: `${REPO.id}:pull:${number}` };
    const projection = { ...check, status: "completed" as const, conclusion: "success" as const };
    return { sort: "projection", ...about, repo: REPO, taskId: null, projection };
  });
  return {
    ...plan,
    events: plan.events.filter((event) => event !== order),
    pulls: plan.pulls.map((pull) => (isMeant(pull) ? { ...pull, verdict } : pull)),
    effects: [...plan.effects, ...shown],
    audit: [
      ...plan.audit,
      ...plan.pulls.filter(isMeant).map(({ headSha: sha }) => ({ ...TRACE, data: { sha } })),
    ],
  };
}

const TRACE = { kind: "verdict.reached", actor: "orchestrator", taskId: null, at: 0 };

/** Bugs in how people's pull requests, the merge queue and shared commits are judged, each by its name. */
export const PEOPLE_MUTANTS: Readonly<Record<string, Mutant>> = {
  "lets a command's approval of another commit count": onRecords((pull) => ({
    ...pull,
    approvals: pull.approvals.map((approval) => ({ ...approval, sha: pull.headSha })),
  })),
  "lets what was said of a merge into another branch count": onRecords(({ elsewhereUntil: _, ...pull }) => ({
    ...pull,
    approvals: pull.approvals.map(({ base: __, ...approval }) => approval),
    overrides: pull.overrides.map(({ base: __, ...override }) => override),
  })),
  "lets a review of another commit count": seeReviews(({ reviews, headSha }) =>
    reviews?.map((review) => ({ ...review, sha: headSha })),
  ),
  "counts a review after its author asked for changes": seeReviews(({ number }, { world }) =>
    world.voices.everyReview(number),
  ),
  "takes approvals from bots": seeReviews(({ reviews }) =>
    reviews?.map((review) => ({ ...review, by: { ...review.by, type: "User" } })),
  ),
  "lets authors approve their own work": {
    pull: (pull) => ({ ...pull, author: personOf("orchestrator[bot]") }),
    plan: (plan) => ({
      ...plan,
      pulls: plan.pulls.map((pull) => ({ ...pull, requester: personOf("orchestrator[bot]") })),
    }),
  },
  "lets a gate that was set aside for another commit be": onRecords((pull) => ({
    ...pull,
    overrides: pull.overrides.map((override) => ({ ...override, sha: pull.headSha })),
  })),
  "lets anybody set gates aside": {
    event: (event) =>
      event.kind === "comment.created" && event.body.includes("override")
        ? { ...event, sender: personOf("nina") }
        : event,
  },
  "takes a button for a word": {
    event: (event, { now }) => {
      if (event.kind !== "check.action" || event.action !== "override") return event;
      const body = OVERRIDABLE.map((gate) => `/orchestrate override ${gate} -- pressed`).join("\n");
      const said = { issue: 77, isPull: true, commentId: 1_000_000, sender: personOf("nina") };
      return { kind: "comment.created", repo: event.repo, body, createdAt: now, ...said };
    },
  },
  "shows the best of a shared commit's verdicts": onChecks((check, { ledger }, plan) => {
    const records = new Map([...ledger.pulls, ...plan.pulls.map((pull) => [pull.id, pull] as const)]);
    const best = [...records.values()].some(
      (pull) => pull.state === "open" && pull.headSha === check.sha && pull.verdict?.value === "PASS",
    );
    return best ? passed(check) : check;
  }),
  "does not look for what else has a new head": { plan: passAtOnce },
  "does not ask a queued commit's pull request": onChecks((check, driver) =>
    isOfGroup(driver, check) && check.conclusion !== "cancelled" ? passed(check) : check,
  ),
  "takes a pull request's checks for those of its queued commit": {
    pull: (pull, { world }) => {
      const group = world.groups.find(({ sha }) => sha === pull.headSha);
      const own = group === undefined ? undefined : world.read(group.pull)?.pull;
      return own === undefined ? pull : { ...pull, checks: own.checks };
    },
  },
  "takes a neutral check for what it does not know": onChecks((check) =>
    check.conclusion === "action_required" ? { ...check, conclusion: "neutral" } : check,
  ),
  "goes on looking at what is closed": onRecords((pull) =>
    pull.state === "closed" ? { ...pull, wakeAt: (pull.wakeAt ?? pull.updatedAt) + SECOND_MS } : pull,
  ),
  "forgets to look again at people's pull requests": onRecords((pull) =>
    pull.state === "open" ? { ...pull, wakeAt: null } : pull,
  ),
  "does not notice another base": {
    pull: (pull, { world }) => {
      const first = world.pullNumbered(pull.number)?.firstBase;
      return pull.headSha === world.pullNumbered(pull.number)?.headSha
        ? (world.read(pull.number, first)?.pull ?? pull)
        : pull;
    },
  },
  "keeps a PASS that cannot be read any more": onChecks((check, { read }) =>
    read.refused === null ? check : null,
  ),
  "leaves the check of a replaced head waiting": onChecks((check) =>
    check.conclusion === "cancelled" ? null : check,
  ),
  "asks the owners that the change itself names": {
    pull: (pull, { world }) => {
      const text = world.commitOf(pull.headSha).tree.CODEOWNERS ?? null;
      return pull.owners === undefined ? pull : { ...pull, owners: { ...pull.owners, text } };
    },
  },
  "does not look at the clock": {
    facts: (facts) => ({
      ...facts,
      configText: facts.configText?.replace(/windows: .*/u, "windows: []") ?? null,
    }),
  },
  "does not look which issue is closed": { pull: (pull) => ({ ...pull, closes: [1] }) },
  "overlooks that a fork is gone": {
    pull: (pull) => ({ ...pull, headRepoId: pull.headRepoId ?? 2002 }),
  },
};
