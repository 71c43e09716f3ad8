/** A fixed number of runners; whoever finds none free waits in line. */
export interface RunnerPool {
  resize: (size: number) => void;
  /** Rejects when the signal is aborted first; the answer gives the runner back. */
  acquire: (signal: AbortSignal) => Promise<() => void>;
}

export function createRunnerPool(initialSize: number): RunnerPool {
  let size = initialSize;
  let busy = 0;
  const line: (() => void)[] = [];

  function admit(): void {
    while (busy < size) {
      const next = line.shift();
      if (next === undefined) return;
      busy++;
      next();
    }
  }

  function release(): void {
    busy--;
    admit();
  }

  return {
    resize(newSize) {
      size = newSize;
      admit();
    },
    acquire(signal) {
      const { promise, resolve, reject } = Promise.withResolvers<() => void>();
      const enter = (): void => {
        signal.removeEventListener("abort", leave);
        resolve(once(release));
      };
      const leave = (): void => {
        line.splice(line.indexOf(enter), 1);
        reject(new Error("The job was cancelled before a runner was free"));
      };
      if (signal.aborted) {
        reject(new Error("The job was cancelled before it started"));
        return promise;
      }
      signal.addEventListener("abort", leave, { once: true });
      line.push(enter);
      admit();
      return promise;
    },
  };
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (!done) action();
    done = true;
  };
}
