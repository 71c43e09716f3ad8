import type { Effect, Outcome } from "../../core/effects.ts";
import type { Event } from "../../core/events.ts";
import type { Effector } from "../../ports/github.ts";
import type { OutboxJob } from "../../ports/outbox.ts";
import type { GitHub } from "./client/client.ts";
import { type Failure, GitHubProblem } from "./client/github-problem.ts";
import type { RepositoryApi } from "./client/repository-api.ts";
import { type EffectContext, type LabelLook, type Performed, thingOf } from "./effects/effect-row.ts";
import { EFFECT_ROWS } from "./effects/effect-rows.ts";

export interface EffectorOptions {
  /** How the app's own labels look, by name. */
  readonly labels?: Readonly<Record<string, LabelLook>>;
}

/** Does effects on GitHub. Throws when nobody knows how a try ended; the next one then looks first. */
export function createEffector(github: GitHub, options: EffectorOptions = {}): Effector {
  return {
    async perform(job, findObstacle) {
      const thing = thingOf(job.effect);
      const api = github.repository(job.effect.repo, { findObstacle, mayWrite: job.mayWrite });
      const context = createContext(github, options, { job, api });
      const { outcome, remoteId } = await settle(EFFECT_ROWS[thing.kind].perform(context, thing));
      return { outcome, remoteId: remoteId ?? job.remoteId, event: toEvent(job.effect, outcome) };
    },
  };
}

function createContext(
  github: GitHub,
  options: EffectorOptions,
  { job, api }: { readonly job: OutboxJob; readonly api: RepositoryApi },
): EffectContext {
  return {
    api,
    key: job.effect.key,
    mayHaveHappened: job.mayHaveHappened,
    firstTriedAt: job.firstTriedAt,
    remoteId: job.remoteId,
    appId: github.appId,
    now: github.now,
    self: github.self,
    labelLooks: options.labels ?? {},
  };
}

async function settle(performing: Promise<Performed>): Promise<Performed> {
  try {
    return await performing;
  } catch (error) {
    const outcome = error instanceof GitHubProblem ? toOutcome(error.failure) : undefined;
    if (!outcome) throw error;
    return { outcome, remoteId: null };
  }
}

/** Undefined when the outcome is unknown. */
function toOutcome(failure: Failure): Outcome | undefined {
  if (failure.kind === "unknown") return undefined;
  if (failure.kind === "later") return failure;
  return { kind: "refused", status: failure.status, message: failure.message };
}

/** Handlers hear how every action ended, and of projections only when GitHub refuses them, or gave them a number. */
function toEvent(effect: Effect, outcome: Outcome): Event | null {
  if (outcome.kind === "later") return null;
  if (effect.sort === "projection" && outcome.kind === "done" && outcome.facts.pull === undefined)
    return null;
  return {
    kind: "effect.settled",
    repo: effect.repo,
    key: effect.key,
    effect: thingOf(effect).kind,
    taskId: effect.taskId,
    outcome: outcome.kind === "done" ? { kind: "done", facts: { ...outcome.facts } } : outcome,
  };
}
