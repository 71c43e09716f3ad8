import type { Pull } from "../../src/core/pull/pull.ts";
import { HOUR_MS, NOW } from "./build-task.ts";

/** What is kept of @ada's open pull request #90, at a head that nobody has judged. */
export function buildPullRecord(overrides: Partial<Pull> = {}): Pull {
  const { number = 90, kind = "pull", headSha = "c0ffee1234567890c0ffee1234567890c0ffee12" } = overrides;
  return {
    id: kind === "group" ? `1001.group.${headSha}` : `1001.${number}`,
    repoId: 1001,
    kind,
    number,
    state: "open",
    requester: { id: 8, login: "ada", type: "User" },
    baseRef: "main",
    baseSha: null,
    headRef: "topic",
    headSha,
    headSince: NOW - HOUR_MS,
    verdict: null,
    waitingFor: [],
    approvals: [],
    overrides: [],
    updatedAt: NOW - HOUR_MS,
    wakeAt: NOW,
    ...overrides,
  };
}
