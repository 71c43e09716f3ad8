import { setTimeout as wait } from "node:timers/promises";
import type { FaultRule, Faults } from "../control/faults.ts";
import type { World } from "../world/world.ts";
import { createLimitKeeper, type Limits } from "./limits/limits.ts";
import { createRateLimitRoute } from "./limits/rate-limit-route.ts";
import { finishAnswer, isUnchanged, type Outgoing, withoutBody } from "./outgoing.ts";
import { type Api, perform } from "./perform.ts";
import { type Progress, startProgress } from "./progress.ts";
import { type Exchange, recordExchange } from "./record-exchange.ts";
import { type Incoming, refusalToAnswer } from "./request-checks.ts";
import { type Answer, Refusal, type Route } from "./route.ts";
import { createRouteTable } from "./route-table.ts";

export interface ApiOptions {
  readonly world: World;
  readonly routes: readonly Route[];
  readonly limits: Limits;
  readonly faults: Faults;
  /** Ends answers that wait when the sandbox closes. */
  readonly closing: AbortSignal;
  readonly onExchange?: ((exchange: Exchange) => void) | undefined;
}

/** The REST API: takes a request and gives the answer, or "drop" when the connection is to break. */
export function createApi(options: ApiOptions) {
  const { world, faults, closing } = options;
  const keeper = createLimitKeeper(world.now, options.limits);
  const findRoute = createRouteTable([...options.routes, createRateLimitRoute(keeper)]);

  async function answer(progress: Progress): Promise<Answer> {
    try {
      return await perform({ world, keeper, findRoute }, progress);
    } catch (error) {
      if (error instanceof Refusal) return refusalToAnswer(error);
      progress.error = error;
      return refusalToAnswer(new Refusal(500, `Server Error: ${String(error)}`));
    }
  }

  return async (incoming: Incoming): Promise<Outgoing | "drop"> => {
    const progress = startProgress(world, incoming);
    const fault = faults.take(incoming.method, progress.location.path);
    const honest = fault && !fault.applied ? null : await answer(progress);
    const shown = fault ? faultyAnswer(fault, honest) : (honest ?? { status: 204 });
    const exchange = recordExchange(world, { progress, honest, shown, fault });
    options.onExchange?.(exchange);
    if (progress.actor) keeper.noteAnswer(progress.actor, shown);
    if (fault?.hang !== undefined) await wait(fault.hang, undefined, { signal: closing });
    return fault?.dropConnection ? "drop" : finish({ world, keeper }, progress, shown);
  };
}

/** Shortens what the caller needs not be sent: the content of a HEAD, and of a page the caller already has. */
function finish(
  { world, keeper }: Pick<Api, "world" | "keeper">,
  { incoming, actor }: Progress,
  answer: Answer,
): Outgoing {
  const usage = actor && keeper.usage(actor);
  const outgoing = finishAnswer(answer, { now: world.now(), usage });
  if (incoming.method === "HEAD") return withoutBody(outgoing, outgoing.status);
  if (incoming.method !== "GET" || !isUnchanged(outgoing, incoming.headers["if-none-match"])) return outgoing;
  if (actor) keeper.giveBack(actor);
  return withoutBody(finishAnswer(answer, { now: world.now(), usage: actor && keeper.usage(actor) }), 304);
}

/** What a fault shows instead of the true answer. */
function faultyAnswer(fault: FaultRule, honest: Answer | null): Answer {
  if (fault.status === undefined) return honest ?? { status: 502, body: { message: "Server Error" } };
  const named = Object.entries(fault.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  const headers: Record<string, string> = Object.fromEntries(named);
  const body = fault.body ?? { message: "Server Error" };
  return typeof body === "string"
    ? { status: fault.status, raw: new TextEncoder().encode(body), headers }
    : { status: fault.status, body, headers };
}
