import type { World } from "./world.ts";

/** What a worker answers to one dispatch. */
export interface Answer {
  /** Conclusion of its run. */
  readonly conclusion: string;
  readonly outcome: "completed" | "failed" | "blocked";
  /** Null deletes; undefined for an answer that leaves no result at all. */
  readonly changes: (tree: Readonly<Record<string, string>>) => Readonly<Record<string, string | null>>;
  readonly leavesResult: boolean;
  readonly weakens: boolean;
}

export interface Worker {
  /** Keeps an answer for the next dispatch that has none. */
  expect(answer: Answer): void;
  /** From now on a dispatch without an answer gives up. */
  dismiss(): void;
  work(): void;
  nextAt(): number;
  readonly isIdle: boolean;
}

const WORK_MS = 10_000;

/** Does the work of the dispatched runs, one prepared answer after the other. */
export function createWorker(world: World): Worker {
  const answers: Answer[] = [];
  let isDismissed = false;
  const open = () => world.runs.filter((run) => run.status !== "completed");
  const canWork = () => answers.length > 0 || isDismissed;
  return {
    expect: (answer) => answers.push(answer),
    dismiss: () => {
      isDismissed = true;
    },
    work() {
      for (const run of open()) {
        if (!canWork() || run.startedAt + WORK_MS > world.now) continue;
        const answer = answers.shift();
        if (answer === undefined) world.endRun(run, "failure", null);
        else deliver(world, run, answer);
      }
    },
    nextAt: () =>
      canWork()
        ? Math.min(
            Number.POSITIVE_INFINITY,
            ...open().map((run) => Math.max(world.now, run.startedAt + WORK_MS)),
          )
        : Number.POSITIVE_INFINITY,
    get isIdle() {
      return answers.length === 0;
    },
  };
}

function deliver(world: World, run: World["runs"][number], answer: Answer): void {
  const [repo, issue, generation, attempt] = run.correlation.split(".");
  const baseSha = run.inputs.base_sha ?? "";
  const changes = answer.changes(world.commitOf(baseSha).tree);
  if (answer.weakens) world.weakeningAttempts.add(run.correlation);
  const result = {
    schema: "orchestrator-result/1",
    task: `${repo}.${issue}.${generation}`,
    attempt: Number(attempt),
    correlation: run.correlation,
    baseSha,
    outcome: answer.outcome,
    summary: "Did what was asked.",
    changes: Object.entries(changes).map(([path, text]) => ({
      path,
      mode: "100644",
      contentBase64: text === null ? null : Buffer.from(text).toString("base64"),
    })),
  };
  world.endRun(run, answer.conclusion, answer.leavesResult ? JSON.stringify(result) : null);
}
