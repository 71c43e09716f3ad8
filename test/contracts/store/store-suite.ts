import { sql } from "kysely";
import { vi } from "vitest";
import type { Store } from "../../../src/adapters/store/store.ts";
import type { Effect, Outcome } from "../../../src/core/effects.ts";
import type { Event } from "../../../src/core/events.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import type { RepoRef } from "../../../src/core/repo.ts";
import type { InboxJob } from "../../../src/ports/inbox.ts";
import type { OutboxJob, Settlement } from "../../../src/ports/outbox.ts";
import { makeDelivery, makeEvent, makePlan, type StoreHarness } from "../../support/store.ts";

/** What the parts of the contract share. */
export interface StoreSuite {
  readonly harness: () => StoreHarness;
  readonly store: () => Store;
  /** Handles events until the test ends or the worker is stopped. */
  handle(handler: (job: InboxJob) => Promise<void>, store?: Store): Promise<{ stop(): Promise<void> }>;
  /** Settles every event with a plan, and gives the events in the order in which they were handled. */
  handleAll(planFor?: (job: InboxJob) => Plan): Promise<Event[]>;
  perform(
    performer: (job: OutboxJob) => Promise<Settlement>,
    store?: Store,
  ): Promise<{ stop(): Promise<void> }>;
  /** Accepts an event of a repository and settles it with the plan. */
  settle(repo: RepoRef, plan: Partial<Plan>): Promise<void>;
  effectRow(key: string): Promise<EffectRow | undefined>;
  stopWorkers(): Promise<void>;
}

export interface EffectRow {
  readonly state: string;
  readonly version: number;
  readonly applied_version: number;
  readonly tries: number;
  readonly remote_id: string | null;
  readonly desired: unknown;
}

export function createSuite(harness: () => StoreHarness): StoreSuite {
  const workers: { stop(): Promise<void> }[] = [];
  const keep = async (starting: Promise<{ stop(): Promise<void> }>) => {
    const worker = await starting;
    workers.push(worker);
    return worker;
  };
  const suite: StoreSuite = {
    harness,
    store: () => harness().store,
    handle: (handler, store = harness().store) => keep(store.inbox.work(handler)),
    handleAll: async (planFor = () => makePlan()) => {
      const events: Event[] = [];
      await suite.handle(async (job) => {
        await harness().store.ledger.settle(job, planFor(job));
        events.push(job.event);
      });
      return events;
    },
    perform: (performer, store = harness().store) => keep(store.outbox.work(performer)),
    settle: async (repo, plan) => {
      const event = makeEvent(repo);
      await harness().store.inbox.accept(makeDelivery(event));
      let failure: unknown = null;
      let isSettled = false;
      const worker = await harness().store.inbox.work(async (job) => {
        if (job.event.repo.id !== repo.id) throw new Error("another test's event");
        try {
          await harness().store.ledger.settle(job, makePlan(plan));
        } catch (error) {
          failure = error;
          await harness().store.ledger.settle(job, makePlan());
        }
        isSettled = true;
      });
      await eventually(() => isSettled).finally(() => worker.stop());
      if (failure !== null) throw failure;
    },
    effectRow: async (key) => {
      const rows = await harness().query(sql<EffectRow>`
        select state, version, applied_version, tries, remote_id, desired from effects where key = ${key}`);
      return rows[0];
    },
    stopWorkers: async () => {
      await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    },
  };
  return suite;
}

/** Waits until something is so. */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitFor(
    async () => {
      if (!(await isSo())) throw new Error("It did not come about.");
    },
    { timeout: 15_000, interval: 5 },
  );
}

/** A door that work waits at until the test opens it. */
export function createDoor(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: () => resolve() };
}

export function done(effect: Effect, facts: Record<string, string> = {}): Settlement {
  const outcome: Outcome = { kind: "done", facts };
  return {
    outcome,
    remoteId: null,
    event: {
      kind: "effect.settled",
      repo: effect.repo,
      key: effect.key,
      effect: effect.sort,
      taskId: effect.taskId,
      outcome,
    },
  };
}

/** Done, and nobody is told. */
export function quietlyDone(remoteId: string | null = null): Settlement {
  return { outcome: { kind: "done", facts: {} }, remoteId, event: null };
}
