import { describe, expect, it } from "vitest";
import type { Effect } from "../../src/core/effects.ts";
import { paceEdits } from "../../src/handlers/pace-edits.ts";
import type { OutboxJob, Settlement } from "../../src/ports/outbox.ts";
import { REPO } from "../support/build-snapshot.ts";

const PAUSE_MS = 3000;
const DONE: Settlement = { outcome: { kind: "done", facts: {} }, remoteId: "9", event: null };

function commentOn(issue: number): Effect {
  const key = `1001:status:${issue}`;
  const projection = { kind: "comment", issue, body: "b" } as const;
  return { sort: "projection", key, subject: key, repo: REPO, taskId: null, projection };
}

const jobFor = (effect: Effect): OutboxJob => ({
  effect,
  mayHaveHappened: false,
  firstTriedAt: null,
  tries: 0,
  remoteId: "7",
  lease: null,
});

/** A paced effector under a clock that the test moves. */
function startPacing(perform: () => Promise<Settlement> = async () => DONE) {
  const clock = { now: 1_000_000 };
  const sent: string[] = [];
  const paced = paceEdits(
    async ({ effect }) => {
      sent.push(effect.key);
      return perform();
    },
    { now: () => clock.now, pauseMs: PAUSE_MS },
  );
  return { clock, sent, send: (effect: Effect) => paced(jobFor(effect)) };
}

describe("paceEdits", () => {
  it("lets the first version of a comment go at once", async () => {
    const { send, sent } = startPacing();

    expect(await send(commentOn(1))).toBe(DONE);
    expect(sent).toEqual(["1001:status:1"]);
  });

  it("F072 puts the next one off until the pause is over, to the millisecond", async () => {
    const { send, sent, clock } = startPacing();
    await send(commentOn(1));
    clock.now += PAUSE_MS - 1;
    const early = await send(commentOn(1));
    clock.now += 1;
    const late = await send(commentOn(1));

    expect(early).toEqual({
      outcome: { kind: "later", at: 1_000_000 + PAUSE_MS, why: "the comment was edited a moment ago" },
      sentNothing: true,
      remoteId: "7",
      event: null,
    });
    expect(late).toBe(DONE);
    expect(sent).toHaveLength(2);
  });

  it("writes once in each pause, however much is wanted", async () => {
    const { send, sent, clock } = startPacing();
    for (let at = 0; at < 10 * PAUSE_MS; at += 100) {
      clock.now = 1_000_000 + at;
      await send(commentOn(1));
    }

    expect(sent).toHaveLength(10);
  });

  it("keeps one comment apart from another", async () => {
    const { send, sent } = startPacing();
    await send(commentOn(1));
    await send(commentOn(2));

    expect(sent).toEqual(["1001:status:1", "1001:status:2"]);
  });

  it("counts the pause from the end of a write, since GitHub may be slow", async () => {
    const { send, clock } = startPacing(async () => {
      clock.now += 10_000;
      return DONE;
    });
    await send(commentOn(1));

    expect(await send(commentOn(1))).toMatchObject({ outcome: { at: 1_010_000 + PAUSE_MS } });
  });

  it("does not pause after a write that failed", async () => {
    const troubles = ["no answer"];
    const { send, sent } = startPacing(async () => {
      const trouble = troubles.shift();
      if (trouble !== undefined) throw new Error(trouble);
      return DONE;
    });
    await expect(send(commentOn(1))).rejects.toThrow("no answer");

    expect(await send(commentOn(1))).toBe(DONE);
    expect(sent).toHaveLength(2);
  });

  it("never puts off anything that is no comment of ours", async () => {
    const { send, sent } = startPacing();
    const about = { key: "1001:x", subject: "1001:x", repo: REPO, taskId: null };
    const others: readonly Effect[] = [
      { sort: "projection", ...about, projection: { kind: "labels", issue: 1, prefix: "a:", labels: [] } },
      { sort: "projection", ...about, projection: { kind: "issue", title: "t", body: "b", state: "open" } },
      { sort: "action", ...about, action: { kind: "reply", issue: 1, body: "b" } },
      { sort: "action", ...about, action: { kind: "cancel-run", runId: 1 } },
    ];
    for (const effect of [...others, ...others]) expect(await send(effect)).toBe(DONE);

    expect(sent).toHaveLength(8);
  });
});
