import { type ClaimedJob, claimJobs } from "../../src/adapters/store/lanes/claim.ts";
import { enqueue } from "../../src/adapters/store/lanes/enqueue.ts";
import { finishJob, holdLease } from "../../src/adapters/store/lanes/lease.ts";
import { type OpenQueue, openQueue, REPO } from "../fill-queue.ts";
import { answerParent } from "../start-child.ts";

/** The first order opens the store; every one claims so many times, and looks at so many repositories. */
export interface ClaimOrder {
  readonly dataDir: string;
  readonly databaseUrl?: string;
  readonly repositories: number;
  readonly times: number;
}

/** Times of each question, ms, and resident memory, bytes. */
export interface ClaimResult {
  readonly inbox: readonly number[];
  readonly outbox: readonly number[];
  readonly snapshot: readonly number[];
  readonly due: readonly number[];
  readonly memory: number;
}

/** As many as a server takes at once. */
const AT_ONCE = 8;
const MAX_DUE = 500;
const DAY_MS = 86_400_000;
const MS_BETWEEN_REPOSITORIES = 7;

let opened: Promise<OpenQueue> | undefined;
let asked = 0;

answerParent<ClaimOrder>(async ({ dataDir, databaseUrl, repositories, times }): Promise<ClaimResult> => {
  opened ??= openQueue({ dataDir, ...(databaseUrl !== undefined && { databaseUrl }) });
  const queue = await opened;
  const result = {
    inbox: [] as number[],
    outbox: [] as number[],
    snapshot: [] as number[],
    due: [] as number[],
  };
  for (let time = 0; time < times; time += 1) {
    for (const name of ["inbox", "outbox"] as const) {
      const claim = () => claimJobs(queue.engine.db, { queue: name, limit: AT_ONCE, now: Date.now() });
      const { ms, answer } = await take(claim);
      if (answer.length < AT_ONCE)
        throw new Error(`Only ${answer.length} jobs of the ${name} were to be had.`);
      result[name].push(ms);
      for (const job of answer) await putBack(queue, job);
    }
    asked += MS_BETWEEN_REPOSITORIES;
    const repo = { ...REPO, id: REPO.id + (asked % repositories) };
    result.snapshot.push((await take(() => queue.store.ledger.snapshot(repo, { by: "nothing" }, 0))).ms);
    // A month later every queued task is due.
    const later = Date.now() + 40 * DAY_MS;
    const { ms, answer } = await take(() => queue.store.ledger.dueTasks(later, MAX_DUE));
    if (answer.length < MAX_DUE) throw new Error(`Only ${answer.length} tasks are due.`);
    result.due.push(ms);
  }
  return { ...result, memory: process.memoryUsage.rss() };
});

async function take<T>(ask: () => Promise<T>): Promise<{ readonly ms: number; readonly answer: T }> {
  const startedAt = performance.now();
  const answer = await ask();
  return { ms: performance.now() - startedAt, answer };
}

/** Ends a job as its worker does, and queues one like it: as much waits as before, and the tables wear as they do at work. */
async function putBack({ engine }: OpenQueue, { lease, body }: ClaimedJob): Promise<void> {
  const { queue, lane } = lease;
  const options = { now: Date.now, onError: () => undefined, pollMs: 1_000 };
  await engine.transact(async (trx) => {
    await holdLease(trx, lease);
    await finishJob(trx, lease, Date.now());
    const job = { lane, repoId: Number.parseInt(lane, 10), key: null, guid: null, body };
    await enqueue(trx, { engine, options }, { queue, jobs: [job] });
  });
}
