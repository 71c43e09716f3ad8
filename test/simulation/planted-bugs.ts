import type { Effect } from "../../src/core/effects.ts";
import type { Event } from "../../src/core/events.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { type Reason, reason } from "../../src/core/reasons.ts";
import type { Task } from "../../src/core/task/task.ts";
import type { Bugs, Promised } from "../../src/simulation/context.ts";
import { MAIN } from "../../src/simulation/world/world.ts";
import { PROTECTED } from "../../src/simulation/world/write-result.ts";

const breaking = (...promises: readonly Promised[]): Bugs => ({ breaks: new Set(promises) });
const planning = (change: (plan: Plan, event: Event) => Plan): Bugs => ({ plan: change });
const tasks = (change: (task: Task) => Task): Bugs =>
  planning((plan) => ({ ...plan, tasks: plan.tasks.map(change) }));
const effects = (change: (effect: Effect) => readonly Effect[]): Bugs =>
  planning((plan) => ({ ...plan, effects: plan.effects.flatMap(change) }));
const withoutAction = (kind: string): Bugs =>
  effects((effect) => (effect.sort === "action" && effect.action.kind === kind ? [] : [effect]));
const withoutProjection = (kind: string): Bugs =>
  effects((effect) => (effect.sort === "projection" && effect.projection.kind === kind ? [] : [effect]));
const deafTo = (isIt: (event: Event) => boolean): Bugs =>
  planning((plan, event) =>
    isIt(event)
      ? { ...plan, tasks: [], attempts: [], pulls: [], effects: [], events: [], audit: [], repository: null }
      : plan,
  );
const seeing = (change: NonNullable<Bugs["pull"]>): Bugs => ({ pull: change });

/** A reason that is taken away wherever it is given, as if nobody had asked the question. */
const ignoring = (...codes: readonly Reason["code"][]): Bugs =>
  tasks((task) => ({ ...task, reasons: task.reasons.filter(({ code }) => !codes.includes(code)) }));

/** What a task says of an order that is under way, as if nobody had asked what holds it back. */
function withoutHolds<T>(reasons: readonly T[], codeOf: (one: T) => string): readonly T[] {
  const pending = reasons.filter((one) =>
    /^(?:publish|merge)\.pending$|^dispatch\.unconfirmed$|^critics\.reverting$/u.test(codeOf(one)),
  );
  return pending.length > 0 ? pending : reasons;
}

/** Changes what the configuration in force says, for the plans alone. */
const believing = (change: (text: string) => string): Bugs => ({
  facts: (facts) => ({
    ...facts,
    configText: facts.configText === null ? null : change(facts.configText),
  }),
});

const isPassed = (effect: Effect): boolean =>
  effect.sort === "projection" &&
  effect.projection.kind === "check" &&
  effect.projection.conclusion === "success";

/** Changes what an issue's text says when it is handed over. */
const reading = (change: (body: string) => string): Bugs => ({
  event: (event) =>
    event.kind === "issue.labeled"
      ? { ...event, text: { ...event.text, body: change(event.text.body) } }
      : event,
});

/** Bugs in plans, effects and the promises of the store, each of which histories have to find. */
export const PLANTED_BUGS: Readonly<Record<string, Bugs>> = {
  // Promises of the store and the process.
  "takes the same delivery twice": breaking("guids"),
  "lets a worker write that lost its lease": breaking("leases"),
  "does not note that an effect is tried": breaking("tries"),
  "keeps to the first version of what people are shown": breaking("newest"),
  "does actions under a known key again": breaking("actions"),
  "writes tasks and effects in two steps": breaking("whole"),
  "takes a limit for an answer": breaking("later"),
  "does not ask again before it acts": breaking("withdrawal"),
  "never looks at deadlines": breaking("deadlines"),
  "never compares with GitHub": breaking("reconciliation"),
  "tells nobody how an effect ended": breaking("outcomes"),
  "forgets what was under way when it died": breaking("recovery"),
  "does not write again what changed while it was written": breaking("renewal"),
  "lets an event pass others": breaking("order"),
  "drops the events that follow from a plan": breaking("follow-ups"),
  "keeps no audit of effects": breaking("audit"),
  "reads on though GitHub wants to be left alone": breaking("reads-later"),
  // What is done on GitHub.
  "writes again without looking": { skips: new Set(["looking first"]) },
  "merges without naming the commit": { skips: new Set(["naming the commit"]) },
  "takes everybody for an administrator": { permission: "admin" },
  // Plans about effects.
  "never cancels a run": withoutAction("cancel-run"),
  "never closes an issue": withoutAction("close-issue"),
  "never closes a pull request": withoutAction("close-pull"),
  "never publishes": withoutAction("publish"),
  "never merges": withoutAction("merge"),
  "never takes back what the critics refuse": withoutAction("revert"),
  "never answers": withoutAction("reply"),
  "never dispatches": withoutAction("dispatch"),
  "never labels": withoutProjection("labels"),
  "never comments": withoutProjection("comment"),
  "never ends the check of a head that is replaced": effects((effect) =>
    effect.sort === "projection" &&
    effect.projection.kind === "check" &&
    effect.projection.conclusion === "cancelled"
      ? []
      : [effect],
  ),
  "shows PASS wherever it shows something": effects((effect) =>
    effect.sort === "projection" &&
    effect.projection.kind === "check" &&
    effect.projection.name.endsWith("verify")
      ? [{ ...effect, projection: { ...effect.projection, status: "completed", conclusion: "success" } }]
      : [effect],
  ),
  "gives each check a key of its own": planning((plan, event) => ({
    ...plan,
    effects: plan.effects.map((effect) =>
      isPassed(effect) ? { ...effect, key: `${effect.key}:${event.kind}` } : effect,
    ),
  })),
  "gives a dispatch another key": planning((plan) => ({
    ...plan,
    effects: plan.effects.map((effect) =>
      effect.sort === "action" && effect.action.kind === "dispatch"
        ? { ...effect, key: `${effect.key}:${plan.audit.length}` }
        : effect,
    ),
  })),
  // Plans about tasks.
  "gives no reasons": tasks((task) => ({ ...task, reasons: [] })),
  "sets no deadline": tasks((task) => ({ ...task, wakeAt: null })),
  "sets deadlines a week too late": tasks((task) => ({
    ...task,
    wakeAt: task.wakeAt === null ? null : task.wakeAt + 7 * 24 * 3_600_000,
  })),
  "forgets the run of an attempt, and that it was dispatched": planning((plan) => ({
    ...plan,
    attempts: plan.attempts.map((attempt) =>
      attempt.state === "dispatched" || attempt.state === "running"
        ? { ...attempt, state: "dispatching", runId: null, runUrl: null }
        : attempt,
    ),
  })),
  "does not count failures": tasks((task) => ({ ...task, spent: 0, fingerprints: [] })),
  "does not count what the week has used": tasks((task) => ({
    ...task,
    usage: { minutes: 0, tokens: 0, usd: 0 },
  })),
  "lets tasks begin anew when they are done": tasks((task) =>
    task.state === "done"
      ? { ...task, state: "queued", reasons: [reason("queue.behind", "")], wakeAt: 1 }
      : task,
  ),
  // What is heard and seen.
  "does not hear of runs, and does not look": deafTo(
    (event) => event.kind === "run.changed" || event.kind === "task.due",
  ),
  "lets whoever asked approve": {
    event: (event) =>
      event.kind === "comment.created" && event.sender.login === "robin"
        ? { ...event, sender: { ...event.sender, id: 2, login: "alice" } }
        : event,
  },
  "lets anybody approve": {
    event: (event) =>
      event.kind === "comment.created" && event.body.includes("approve")
        ? { ...event, sender: { id: 3, login: "bob", type: "User" } }
        : event,
  },
  "does not hear of published heads": deafTo(
    (event) => event.kind === "effect.settled" && event.effect === "publish",
  ),
  "does not hear of dispatches": deafTo(
    (event) => event.kind === "effect.settled" && event.effect === "dispatch",
  ),
  "does not hear of merges": deafTo((event) => event.kind === "effect.settled" && event.effect === "merge"),
  "does not hear that the app may work again": deafTo(
    (event) => event.kind === "installation.unsuspended" || event.kind === "repository.reconcile",
  ),
  "does not look when a deadline passes": deafTo((event) => event.kind === "task.due"),
  "listens to bots": {
    event: (event) =>
      "sender" in event && event.sender.type === "Bot"
        ? { ...event, sender: { ...event.sender, type: "User" } }
        : event,
  },
  "takes a run that failed for one that did not": {
    run: (run) => (run.status === "completed" ? { ...run, conclusion: "success" } : run),
  },
  "takes a run that works for one that is over": {
    run: (run) => ({ ...run, status: "completed", conclusion: run.conclusion ?? "success" }),
  },
  "takes any result for its own": {
    result: (file) => {
      if (file.kind !== "found") return file;
      const [, attempt = "1"] = /"correlation":"\d+\.\d+\.\d+\.(\d+)\./u.exec(file.text) ?? [];
      return { ...file, text: file.text.replace(/"attempt":\d+/u, `"attempt":${attempt}`) };
    },
  },
  "leaves credentials in what it tells": {
    effect: (effect) =>
      effect.sort === "projection" && effect.projection.kind === "comment"
        ? {
            ...effect,
            projection: {
              ...effect.projection,
              body: effect.projection.body.replaceAll("\\[redacted\\]", `ghs_${"s3cr3t".repeat(6)}`),
            },
          }
        : effect,
  },
  "publishes what a person has to decide on": {
    effect: (effect) => {
      if (effect.sort === "projection" || effect.action.kind !== "publish") return effect;
      const more = {
        path: `${PROTECTED}/more.yml`,
        mode: "100644",
        contentBase64: btoa("on: push"),
      } as const;
      return { ...effect, action: { ...effect.action, changes: [...effect.action.changes, more] } };
    },
  },
  "does not see into which branch": {
    ...seeing((pull) => ({ ...pull, baseRef: MAIN })),
    skips: new Set(["asking for the base"]),
  },
  "takes a failed check for a success": seeing((pull) => ({
    ...pull,
    checks: pull.checks.map((check) =>
      check.status === "completed" ? { ...check, conclusion: "success" } : check,
    ),
  })),
  "does not wait for checks": seeing((pull) => ({
    ...pull,
    checks: pull.checks.map((check) => ({
      ...check,
      status: "completed",
      conclusion: check.conclusion ?? "success",
    })),
  })),
  "believes any autonomy to be the highest": believing((text) =>
    text.replace(/^autonomy: .*$/mu, "autonomy: merge"),
  ),
  "overlooks the ceilings of paths": believing((text) => text.replace(/^ceilings: .*$/mu, "")),
  "overlooks how far a role may go": believing((text) => text.replace(/, autonomy: [a-z-]+ \}$/mu, " }")),
  "overlooks shadow mode": believing((text) => text.replace(/^mode: shadow$/mu, "mode: active")),
  "believes that there are no limits": believing((text) => text.replace(/running: \d+/u, "running: 100")),
  "ignores the week's budget": believing((text) => text.replace(/, minutesPerWeek: \d+/u, "")),
  "asks for one approval where two are needed": believing((text) =>
    text.replace("approvals: 2", "approvals: 1"),
  ),
  "ignores the budget of attempts": believing((text) => text.replace(/attempts: \d+/gu, "attempts: 50")),
  // What people order.
  "forgets pauses": planning((plan) => ({
    ...plan,
    repository:
      plan.repository === null
        ? null
        : { ...plan.repository, stored: { ...plan.repository.stored, pausedBy: null } },
  })),
  "forgets stops": planning((plan) => ({ ...plan, stopChanges: [] })),
  "forgets to say why a task waits for a person": ignoring("gate.blocked"),
  "does not say that an order is held back": planning((plan) => ({
    ...plan,
    tasks: plan.tasks.map((task) => ({ ...task, reasons: withoutHolds(task.reasons, ({ code }) => code) })),
    audit: plan.audit.map((entry) => {
      const { reasons } = entry.data;
      return Array.isArray(reasons)
        ? { ...entry, data: { ...entry.data, reasons: withoutHolds(reasons, String) } }
        : entry;
    }),
  })),
  "takes an order from whoever changes a comment": {
    event: (event) => {
      if (event.kind !== "comment.edited") return event;
      const { kind: _, before: __, ...about } = event;
      return { ...about, kind: "comment.created", isPull: false, createdAt: 1e15 };
    },
  },
  // What issues say of each other.
  "does not see what an issue waits for": reading((body) => body.replace(/^Blocked by.*$/mu, "")),
  "does not see which files an issue is about": reading((body) => body.replace(/^Paths:.*$/mu, "")),
};
