import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/core/plan/plan.ts";
import { handleEvent } from "../../src/handlers/handle-event.ts";
import type { InboxJob } from "../../src/ports/inbox.ts";
import { buildIssue, buildLabeled, OWN } from "../core/plan/plan-with.ts";
import { NOW } from "../support/build-task.ts";
import { fakeReaders } from "./fake-readers.ts";

const event = buildLabeled();
const job: InboxJob = { id: "1", event, retry: 0, isLastTry: false, lease: "token" };

/** Handles the event with a ledger that keeps what was settled, or fails. */
function handle(settle: (job: InboxJob, plan: Plan) => Promise<void>) {
  const readers = fakeReaders({ issues: [buildIssue()], permission: "write" });
  let calls = 0;
  const now = () => {
    calls += 1;
    return NOW + calls - 1;
  };
  return handleEvent(job, { ...readers, ledger: { ...readers.ledger, settle }, own: OWN, now });
}

describe("handleEvent", () => {
  it("gathers, plans and settles one job once, at one moment", async () => {
    const settled: (readonly [InboxJob, Plan])[] = [];
    const plan = await handle(async (...args) => {
      settled.push(args);
    });

    expect(settled).toEqual([[job, plan]]);
    expect(plan.tasks).toMatchObject([{ issue: 42, enqueuedAt: NOW, updatedAt: NOW }]);
    expect(plan.audit.every(({ at }) => at === NOW)).toBe(true);
  });

  it("F046 fails when the job's lease was lost, so that nothing is done on its account", async () => {
    await expect(
      handle(async () => {
        throw new Error("the lease was lost");
      }),
    ).rejects.toThrow("the lease was lost");
  });
});
