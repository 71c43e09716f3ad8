import type { Session } from "../../src/core/session/session.ts";
import { HOUR_MS, NOW } from "./build-task.ts";

/** A session of every team that @ada started an hour ago on #1, without bounds. */
export function buildSession(overrides: Partial<Session> = {}): Session {
  return {
    number: 1,
    startedAt: NOW - HOUR_MS,
    startedBy: { id: 8, login: "ada", type: "User" },
    issue: 1,
    team: null,
    count: null,
    endsAt: null,
    taken: [],
    closed: null,
    rests: false,
    idleSince: null,
    endedAt: null,
    left: [],
    ...overrides,
  };
}

/** The same when it is over: it has taken #42 alone, and holds back what it covers. */
export function buildEnded(overrides: Partial<Session> = {}): Session {
  return buildSession({
    count: 1,
    taken: [{ id: "1001.42.1", minutes: 0, usd: 0 }],
    closed: { by: "count", at: NOW - HOUR_MS / 2, who: null },
    rests: true,
    endedAt: NOW - HOUR_MS / 4,
    ...overrides,
  });
}
