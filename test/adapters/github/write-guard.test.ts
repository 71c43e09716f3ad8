import { afterEach, expect, it, vi } from "vitest";
import type { Action, Outcome } from "../../../src/core/effects.ts";
import type { FindObstacle } from "../../../src/ports/github.ts";
import type { Quota } from "../../../src/ports/quota.ts";
import { actionJob, startGitHub } from "./start-github.ts";

const STOPPED = { kind: "later", at: 1, why: "stopped" } as const satisfies Outcome;
const SENT = /^POST .*\/(dispatches|comments)$/;

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const stop of stops.splice(0)) await stop();
});

const DISPATCH: Action = {
  kind: "dispatch",
  correlation: "T-1.1.0.1",
  workflow: "generate.yml",
  ref: "main",
  inputs: { correlation: "T-1.1.0.1" },
};
const REPLY: Action = { kind: "reply", issue: 1, body: "Done" };

/** What the client does, as it begins; `before` is how often it did it before. */
interface Step {
  readonly name: string;
  readonly before: number;
}

interface Given {
  /** When this step begins, everything is stopped. */
  readonly stopsAt?: (step: Step) => boolean;
  readonly answer?: (step: Step) => Response | null;
}

/** A quota that holds nobody up, and says what it is asked for. */
function createOpenQuota(take: (name: string) => void): Quota {
  return {
    reserve: async () => {
      take("reserve");
      return { ok: true };
    },
    pauseUntil: async () => undefined,
    pausedUntil: async (installationId) => {
      take(`read the pause of ${installationId}`);
      return 0;
    },
  };
}

async function arrange({ stopsAt = () => false, answer = () => null }: Given) {
  const steps: string[] = [];
  let obstacle: typeof STOPPED | undefined;
  const take = (name: string): Step => {
    const step = { name, before: steps.filter((other) => other === name).length };
    steps.push(name);
    if (stopsAt(step)) obstacle = STOPPED;
    return step;
  };
  const gh = await startGitHub({
    quota: createOpenQuota(take),
    fetch: async (url, init) => {
      const step = take(`${init?.method ?? "GET"} ${new URL(url).pathname}`);
      return answer(step) ?? globalThis.fetch(url, init);
    },
  });
  stops.push(() => gh.stop());
  await gh.ask("POST", "/issues", { title: "One", body: "" });
  const findObstacle = vi.fn<FindObstacle>(async () => obstacle);
  return {
    ...{ gh, findObstacle },
    resume: () => {
      obstacle = undefined;
    },
    perform: (action: Action) => gh.effector.perform(actionJob(gh.repo, action), findObstacle),
    sent: () => steps.filter((name) => SENT.test(name)).length,
    done: () => gh.writes(SENT).length,
  };
}

const isMint = ({ name }: Step) => name.endsWith("/access_tokens");
const refuseFirst = ({ name, before }: Step) =>
  SENT.test(name) && before === 0 ? Response.json({ message: "Bad credentials" }, { status: 401 }) : null;

it.each<[string, Action, Given, { readonly sent: number }]>([
  ["its token is minted", DISPATCH, { stopsAt: isMint }, { sent: 0 }],
  [
    "pauses are read",
    DISPATCH,
    { stopsAt: ({ name, before }) => /^read the pause of [1-9]/.test(name) && before === 0 },
    { sent: 0 },
  ],
  [
    "its place in the allowance is taken",
    REPLY,
    { stopsAt: ({ name, before }) => name === "reserve" && before === 0 },
    { sent: 0 },
  ],
  [
    "a token that was refused is replaced",
    DISPATCH,
    { stopsAt: (step) => isMint(step) && step.before === 1, answer: refuseFirst },
    { sent: 1 },
  ],
])("F190 begins no write when everything is stopped while %s", async (_, action, given, { sent }) => {
  const scene = await arrange(given);

  const held = await scene.perform(action);

  expect(held).toEqual({ outcome: STOPPED, remoteId: null, event: null });
  expect([scene.sent(), scene.done()]).toEqual([sent, 0]);

  scene.resume();
  const settled = await scene.perform(action);

  expect(settled.outcome.kind).toBe("done");
  expect(scene.done()).toBe(1);
});

it("F190 repeats no write under a new name when everything is stopped while that is looked up", async () => {
  const scene = await arrange({ stopsAt: ({ name }) => name.startsWith("GET /repositories/") });
  scene.gh.control.renameRepository({ repository: "acme/demo", name: "renamed" });

  const { outcome } = await scene.perform(DISPATCH);

  expect(outcome).toEqual(STOPPED);
  expect(scene.sent()).toBe(1);
});

it("F190 looks for stops once each time that a write is sent, and for no read", async () => {
  const plain = await arrange({});
  await plain.perform(REPLY);
  const repeated = await arrange({ answer: refuseFirst });
  await repeated.perform(REPLY);

  expect(plain.gh.requests.filter(({ method }) => method === "GET")).not.toEqual([]);
  expect([plain.sent(), plain.findObstacle.mock.calls.length]).toEqual([1, 1]);
  expect([repeated.sent(), repeated.findObstacle.mock.calls.length]).toEqual([2, 2]);
});

it.each([
  { lookMs: 3_000, outcome: "done", sent: 1 },
  { lookMs: 5_000, outcome: "later", sent: 0 },
])("F190 is $outcome after a look for stops that took $lookMs ms", async ({ lookMs, outcome, sent }) => {
  const scene = await arrange({});
  const time = performance.now.bind(performance);
  let passedMs = 0;
  vi.spyOn(performance, "now").mockImplementation(() => time() + passedMs);
  scene.findObstacle.mockImplementation(async () => {
    passedMs += lookMs;
    return undefined;
  });

  const settled = await scene.perform(DISPATCH);

  expect(settled.outcome.kind).toBe(outcome);
  expect(scene.sent()).toBe(sent);
});

it("F047 begins no write that was given to somebody else during the look for stops", async () => {
  const { gh, ...scene } = await arrange({});
  const mayWrite = vi.fn(() => true);
  scene.findObstacle.mockImplementation(async () => {
    mayWrite.mockReturnValue(false);
    return undefined;
  });

  const { outcome } = await gh.effector.perform(
    actionJob(gh.repo, DISPATCH, { mayWrite }),
    scene.findObstacle,
  );

  expect(outcome.kind).toBe("later");
  expect(scene.sent()).toBe(0);
});
