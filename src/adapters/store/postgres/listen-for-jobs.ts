import pg from "pg";
import type { Queue } from "../engine.ts";
import { QUEUES } from "../engine.ts";
import type { StoreOptions } from "../store.ts";

export const JOB_CHANNEL = "orchestrator_jobs";
const RECONNECT_MS = 2_000;

export interface JobListener {
  subscribe(listener: (queue: Queue) => void): void;
  close(): Promise<void>;
}

/** Hears of jobs that other replicas queue. It only saves waiting time: polling finds what it misses. */
export function listenForJobs(
  options: Pick<StoreOptions, "onError"> & { readonly databaseUrl: string },
): JobListener {
  const listeners: ((queue: Queue) => void)[] = [];
  let client: pg.Client | null = null;
  let again: NodeJS.Timeout | null = null;
  let isClosed = false;

  const announce = (name: string | undefined): void => {
    const queue = QUEUES.find((known) => known === name);
    if (queue !== undefined) for (const listener of listeners) listener(queue);
  };
  const lose = (lost: pg.Client, error: unknown): void => {
    if (isClosed || client !== lost) return;
    options.onError(error, "postgres: notifications");
    client = null;
    lost.end().catch(() => {});
    again = setTimeout(() => void connect(), RECONNECT_MS).unref();
  };
  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: options.databaseUrl,
      keepAlive: true,
      application_name: "orchestrator listen",
    });
    client = next;
    next.on("notification", (message) => announce(message.payload));
    next.on("error", (error) => lose(next, error));
    next.on("end", () => lose(next, new Error("The connection for notifications was closed.")));
    try {
      await next.connect();
      await next.query(`listen ${JOB_CHANNEL}`);
      for (const queue of QUEUES) announce(queue);
    } catch (error) {
      lose(next, error);
    }
  };

  const connecting = connect();
  return {
    subscribe: (listener) => listeners.push(listener),
    close: async () => {
      isClosed = true;
      if (again !== null) clearTimeout(again);
      await connecting;
      await client?.end().catch(() => {});
    },
  };
}
