import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { sendAnswer } from "../../../../src/adapters/github/receive/send-answer.ts";

const ROUND_MS = 1_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A request that is refused while its body is still on the way. */
function refuseInTheMiddle() {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  const end = vi.spyOn(response, "end");
  sendAnswer(request, response, { status: 503, body: { error: "try again later" } });
  /** One round, in which the sender says something or nothing. */
  async function pass(says?: string): Promise<void> {
    if (says !== undefined) request.push(says);
    await nextTurn();
    vi.advanceTimersByTime(ROUND_MS);
  }
  return { request, end, pass };
}

it("F006 keeps the connection of a refused sender who is still sending, and cuts it after a silence", async () => {
  const { end, pass } = refuseInTheMiddle();

  for (const _ of [1, 2, 3]) await pass("more");
  expect(end).not.toHaveBeenCalled();

  await pass();
  expect(end).toHaveBeenCalled();
});

it("F006 hears a sender who was busy for one round, and cuts one who is silent for two", async () => {
  const { end, pass } = refuseInTheMiddle();

  await pass();
  await pass("more");
  await pass("more");
  expect(end).not.toHaveBeenCalled();

  await pass();
  expect(end).toHaveBeenCalled();
});

it("F007 cuts a refused sender who never stops after ten rounds", async () => {
  const { end, pass } = refuseInTheMiddle();

  for (let round = 1; round < 10; round += 1) await pass("more");
  expect(end).not.toHaveBeenCalled();
  await pass("more");

  expect(end).toHaveBeenCalled();
});

it("F006 ends as soon as a refused sender has said all", async () => {
  const { request, end } = refuseInTheMiddle();

  request.push(null);
  await nextTurn();

  expect(end).toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
