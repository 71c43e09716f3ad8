import { openStore } from "../../../src/adapters/store/open-store.ts";
import { makePlan, makeReply, START } from "../../support/store.ts";

/** A process to be killed: does what it is told, says on its output how far it came, and then hangs. */
const [dataDir = "", what = ""] = process.argv.slice(2);
const repo = { id: 1, installationId: 1, owner: "octo", name: "demo" };

const store = await openStore({
  dataDir,
  now: () => START,
  onError: (error) => process.stderr.write(`${error}\n`),
  pollMs: 10,
});

const STEPS: Readonly<Record<string, () => Promise<void>>> = {
  "after-accept": async () => {
    await accept();
  },
  "while-handling": async () => {
    await accept();
    await store.inbox.work(() => {
      process.stdout.write("reached\n");
      return new Promise(() => {});
    });
  },
  "after-settle": async () => {
    await settle();
  },
  "while-performing": async () => {
    await settle();
    await store.outbox.work(() => {
      process.stdout.write("reached\n");
      return new Promise(() => {});
    });
  },
  "under-load": async () => {
    for (let n = 0; ; n += 1) {
      const guid = `guid-${process.pid}-${n}`;
      await Promise.all(["a", "b", "c"].map((part) => accept(`${guid}-${part}`)));
      process.stdout.write(`${guid}\n`);
    }
  },
};

async function accept(guid = "guid-1"): Promise<void> {
  const event = { kind: "repository.reconcile" as const, repo };
  await store.inbox.accept({ guid, name: "push", action: null, repoId: 1, event, ignored: null });
}

async function settle(): Promise<void> {
  await accept();
  const { promise, resolve } = Promise.withResolvers<void>();
  const worker = await store.inbox.work(async (job) => {
    await store.ledger.settle(job, makePlan({ effects: [makeReply(repo, "once")] }));
    resolve();
  });
  await promise;
  await worker.stop();
}

await STEPS[what]?.();
if (what.startsWith("after")) process.stdout.write("reached\n");
setInterval(() => {}, 60_000);
