import { StoreProblem } from "./adapters/store/store-problem.ts";
import { readEnv } from "./env.ts";
import { type Served, StartProblem, serve } from "./serve.ts";

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
  let isStopping = false;
  const stop = () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    served.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

function refuse(message: string): void {
  process.stderr.write(`orchestrator cannot start. ${message}\n`);
  process.exitCode = 1;
}

await main();
