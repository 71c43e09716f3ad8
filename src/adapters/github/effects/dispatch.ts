import { z } from "zod";
import type { Action } from "../../../core/effects.ts";
import type { RunNow } from "../../../core/facts.ts";
import { isFailure, orUndefined } from "../client/github-problem.ts";
import { findRuns } from "../reading/find-runs.ts";
import { cancelRun } from "./cancel-run.ts";
import { createEffectRow, done, type EffectContext, later, type Performed } from "./effect-row.ts";

type Dispatch = Extract<Action, { kind: "dispatch" }>;

/** Lists lag behind what was started; only after this long is a run that is not listed taken for not started. */
const PATIENCE_MS = 15_000;
const LOOK_AGAIN_MS = 2_000;

/** Servers that know no run details answer without a body; the run is then known by its title when it reports. */
const RunDetails = z.object({ workflow_run_id: z.number(), html_url: z.string() });

export const dispatchRow = createEffectRow("dispatch", { content: false, perform: dispatch });

async function dispatch(context: EffectContext, action: Dispatch): Promise<Performed> {
  if (context.mayHaveHappened) {
    const since = context.firstTriedAt ?? context.now();
    const { botId } = await context.self();
    const runs = (await orUndefined(findRuns(context.api, { ...action, since, botId }))) ?? [];
    if (runs.length > 0) return adopt(context, runs);
    const now = context.now();
    if (now - since < PATIENCE_MS) return later(now + LOOK_AGAIN_MS, "looking whether the run was started");
  }
  try {
    return await send(context, action);
  } catch (error) {
    // Whatever became of it can only be seen once the lists have it, also when it was sent before.
    if (!isFailure(error, "unknown")) throw error;
    return later(context.now() + PATIENCE_MS, "no answer: looking whether the run was started");
  }
}

async function send({ api }: EffectContext, action: Dispatch): Promise<Performed> {
  const { data } = await api.write("POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches", {
    workflow_id: action.workflow,
    ref: action.ref,
    inputs: { ...action.inputs },
    return_run_details: true,
  });
  const details = RunDetails.safeParse(data);
  if (!details.success) return done({ runId: null, runUrl: null });
  return done({ runId: details.data.workflow_run_id, runUrl: details.data.html_url });
}

/** One attempt has one run: the oldest is it, any other is stopped. */
async function adopt({ api }: EffectContext, [oldest, ...surplus]: readonly RunNow[]): Promise<Performed> {
  for (const run of surplus) await cancelRun(api, run.id);
  return done({ runId: oldest?.id ?? null, runUrl: oldest?.url ?? null });
}
