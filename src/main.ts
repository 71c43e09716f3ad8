import { setTimeout as wait } from "node:timers/promises";
import { StoreProblem } from "./adapters/store/store-problem.ts";
import { readEnv } from "./env.ts";
import { type Served, StartProblem, serve } from "./serve.ts";

/** How long a first signal waits for what is under way; whoever watches the process kills it later than that. */
const GRACE_MS = 30_000;

/** Starts the server and ends it in an orderly way: a first signal drains, a second one ends at once. */
async function main(): Promise<void> {
  const read = readEnv(process.env);
  if (!read.ok)
    return refuse(
      ["The environment is not complete:", ...read.problems.map((problem) => `- ${problem}`)].join("\n"),
    );
  let served: Served;
  try {
    served = await serve(read.env);
  } catch (error) {
    if (error instanceof StartProblem || error instanceof StoreProblem) return refuse(error.message);
    throw error;
  }
  process.stdout.write(`orchestrator listening on ${served.url}\n`);
  endOnSignals(served);
}

function endOnSignals(served: Served): void {
  let signals = 0;
  const drain = async () => {
    const isDrained = await Promise.race([served.stop().then(() => true), wait(GRACE_MS, false)]);
    if (!isDrained) await leave(0, `did not end within ${GRACE_MS / 1000} seconds`);
    process.exit(0);
  };
  const leave = async (code: number, why: string) => {
    await served.abandon();
    process.stderr.write(`orchestrator ${why}: what was under way is left to the next process.\n`);
    process.exit(code);
  };
  const steps = [drain, () => leave(1, "ended at once")];
  const onSignal = () => {
    const step = steps[signals];
    signals += 1;
    if (step === undefined) process.exit(1);
    step().catch(() => process.exit(1));
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}

function refuse(message: string): void {
  process.stderr.write(`orchestrator cannot start. ${message}\n`);
  process.exitCode = 1;
}

await main();
