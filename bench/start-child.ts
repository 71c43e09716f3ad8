import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** A program of the bench in a process of its own; it gets one message and may answer any number of them. */
export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** Asks and waits for the one answer; fails when the program ends before. One question at a time. */
  ask<Answer>(question: unknown): Promise<Answer>;
  /** Processor time that it has taken so far, ms. */
  readCpu(): Promise<number>;
}

const READ_CPU = "read-cpu";

/** Starts `children/NAME.ts`. What it prints on standard output is thrown away, as a server's log would be elsewhere. */
export function startChild(name: string): Child {
  const child = fork(join(import.meta.dirname, "children", `${name}.ts`), {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} did not start`);
  function ask<Answer>(question: unknown): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const end = () => reject(new Error(`${name} ended before it answered; what it said is above`));
    child.once("exit", end);
    child.once("message", (message) => {
      child.off("exit", end);
      resolve(message as Answer);
    });
    child.send(question as object);
    return promise;
  }
  return {
    pid,
    ask,
    readCpu: () => ask(READ_CPU),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.disconnect();
      child.kill("SIGTERM");
      await exited;
    },
  };
}

/** The other side of `ask`: answers each question, and ends with its parent. */
export function answerParent<Question>(answer: (question: Question) => Promise<unknown>): void {
  process.on("disconnect", () => process.exit(0));
  process.on("message", (question) => {
    const answered = question === READ_CPU ? readCpu() : answer(question as Question);
    answered.then(
      (value) => process.send?.(value ?? null),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        process.exit(1);
      },
    );
  });
}

async function readCpu(): Promise<number> {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
