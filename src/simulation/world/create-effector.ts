import type { Effect, Outcome } from "../../core/effects.ts";
import type { Event } from "../../core/events.ts";
import type { Effector } from "../../ports/github.ts";
import { doEffect } from "./do-effect.ts";
import type { Done, Trial } from "./trial.ts";
import { Limited, Refusal, Wire } from "./wire.ts";
import type { World } from "./world.ts";

interface EffectorParts extends Pick<Trial, "startRun" | "onHead" | "now"> {
  readonly world: World;
  readonly pause: (ms: number) => Promise<void>;
}

/** Does effects on the simulated GitHub; throws when nobody knows how a try ended. */
export function createEffector({ world, pause, ...rest }: EffectorParts): Effector {
  return {
    async perform({ effect, mayHaveHappened, firstTriedAt, remoteId, mayWrite }, findObstacle) {
      const wire = new Wire({ world, pause, key: effect.key, now: rest.now, findObstacle, mayWrite });
      const trial = { world, wire, effect, mayHaveHappened, firstTriedAt, remoteId, ...rest };
      const { outcome, remoteId: made } = await settle(doEffect(trial));
      return { outcome, remoteId: made ?? remoteId, event: toEvent(effect, outcome) };
    },
  };
}

async function settle(doing: Promise<Done>): Promise<Done> {
  try {
    return await doing;
  } catch (error) {
    if (error instanceof Limited) {
      const { until: at, message: why } = error;
      return { outcome: { kind: "later", at, why }, remoteId: null };
    }
    if (!(error instanceof Refusal)) throw error;
    return { outcome: { kind: "refused", status: error.status, message: error.message }, remoteId: null };
  }
}

/** Handlers hear how every action ended, and of projections only when GitHub refuses them. */
function toEvent(effect: Effect, outcome: Outcome): Event | null {
  if (outcome.kind === "later" || (effect.sort === "projection" && outcome.kind === "done")) return null;
  const { key, repo, taskId } = effect;
  const kind = effect.sort === "projection" ? effect.projection.kind : effect.action.kind;
  const told = outcome.kind === "done" ? { kind: "done" as const, facts: { ...outcome.facts } } : outcome;
  return { kind: "effect.settled", repo, key, effect: kind, taskId, outcome: told };
}
