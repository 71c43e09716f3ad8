import { spawn } from "node:child_process";
import type { Readable } from "node:stream";

/** How long a process may tidy up after SIGTERM before it is killed. */
const KILL_AFTER_MS = 5_000;
/** How long output may still arrive after the process itself is gone but left children behind. */
const DRAIN_MS = 500;
const MAX_LINE_CHARACTERS = 256 * 1024;

/** Groups that still run; a sandbox that ends without ceremony takes them along. */
const liveGroups = new Set<number>();
process.once("exit", () => {
  for (const pid of liveGroups) signalGroup(pid, "SIGKILL");
});

export interface ProcessRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Asks the process to end, and kills it when it does not. */
  readonly signal: AbortSignal;
  /** Kills it at once. */
  readonly force: AbortSignal;
  readonly onLine: (line: string) => void;
}

export interface ProcessEnd {
  readonly exitCode: number;
  /** True when the signal ended it. */
  readonly stopped: boolean;
  /** Kills what the process left running in its group. */
  readonly killRest: () => void;
}

/** Runs one process in a process group of its own, so that it can be ended with all its children. */
export function runProcess(request: ProcessRequest): Promise<ProcessEnd> {
  const child = spawn(request.command, request.args, {
    cwd: request.cwd,
    env: { ...request.env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  // A pipe that breaks ends the output; the exit code tells the rest.
  const outputEnded = Promise.allSettled(
    [child.stdout, child.stderr].map((pipe) => readLines(pipe, request)),
  );
  const { pid } = child;
  if (pid !== undefined) liveGroups.add(pid);
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    signalGroup(pid, "SIGTERM");
    killTimer = setTimeout(() => signalGroup(pid, "SIGKILL"), KILL_AFTER_MS);
  };
  const kill = (): void => void signalGroup(pid, "SIGKILL");
  request.signal.addEventListener("abort", stop, { once: true });
  request.force.addEventListener("abort", kill, { once: true });
  if (request.signal.aborted) stop();
  if (request.force.aborted) kill();

  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      request.signal.removeEventListener("abort", stop);
      const stopped = request.signal.aborted || request.force.aborted;
      // Bash obeys SIGTERM at once; what it started may still be tidying up.
      void waitAtMost(outputEnded, stopped ? KILL_AFTER_MS : DRAIN_MS).then(() => {
        clearTimeout(killTimer);
        request.force.removeEventListener("abort", kill);
        if (stopped) signalGroup(pid, "SIGKILL");
        const killRest = (): void => {
          if (pid !== undefined && liveGroups.delete(pid)) signalGroup(pid, "SIGKILL");
        };
        // The number of an empty group may soon belong to somebody else.
        if (pid !== undefined && !signalGroup(pid, 0)) liveGroups.delete(pid);
        resolve({ exitCode: code ?? 137, stopped, killRest });
      });
    });
  });
}

/** Hands out whole lines; a line without an end is cut, so that it cannot fill the memory. */
async function readLines(stream: Readable, request: ProcessRequest): Promise<void> {
  let rest = "";
  stream.setEncoding("utf8");
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) request.onLine(line);
    if (rest.length > MAX_LINE_CHARACTERS) {
      request.onLine(rest);
      rest = "";
    }
  }
  if (rest !== "") request.onLine(rest);
}

async function waitAtMost(work: Promise<unknown>, limitMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, limitMs);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}
