import { describe, expect, it } from "vitest";
import type { EventOf } from "../../../src/core/events.ts";
import { planEvent } from "../../../src/core/plan/plan-event.ts";
import type { Permission } from "../../../src/core/repo.ts";
import type { Stop } from "../../../src/core/stop/stop.ts";
import { buildAttempt, buildRepository, buildSnapshot, REPO } from "../../support/build-snapshot.ts";
import { NOW } from "../../support/build-task.ts";
import { ADA } from "../commands/comment-on.ts";
import { buildRunning } from "./plan-with.ts";

interface Given {
  readonly event?: Partial<EventOf<"stop.asked">>;
  readonly permission?: Permission;
  readonly stops?: readonly Stop[];
  readonly resumedBy?: number;
}

function plan({ event, permission = "maintain", stops = [], resumedBy }: Given = {}) {
  const task = buildRunning();
  const { stored, ...record } = buildRepository();
  const repository = {
    ...record,
    stops,
    stored: resumedBy === undefined ? stored : { ...stored, resumedBy },
  };
  return planEvent(
    {
      snapshot: buildSnapshot({
        repository,
        active: [task],
        attempts: [buildAttempt({ correlation: task.correlation ?? "" })],
      }),
      gathered: { permission },
      now: NOW,
      own: { appId: 99, slug: "orchestrator" },
    },
    {
      kind: "stop.asked",
      repo: REPO,
      sender: ADA,
      commentId: 555,
      body: "/orchestrate stop --keep-runs -- wrong edits",
      createdAt: NOW - 2000,
      ...event,
    },
  );
}

describe("a comment that may order a stop", () => {
  it("F190 stops at once, and leaves tasks and answer to the comment's own turn", () => {
    const { stopChanges, tasks, attempts, effects, events, repository, audit } = plan();

    expect(stopChanges).toMatchObject([
      { kind: "set", stop: { by: "@ada", why: "wrong edits", keepsRuns: true, commentId: 555 } },
    ]);
    expect([tasks, attempts, effects, events, repository]).toEqual([[], [], [], [], null]);
    expect(audit.map(({ kind }) => kind)).toEqual(["stop.hastened"]);
  });

  it("F190 ends at once what a stop before it let go on", () => {
    const { stopChanges } = plan({
      event: { body: "/orchestrate stop" },
      stops: [{ ...known, keepsRuns: true, commentId: 1 }],
    });

    expect(stopChanges).toMatchObject([{ kind: "set", stop: { keepsRuns: false, commentId: 555 } }]);
  });

  const known = { scope: "repo:1001", source: "command", by: "@bo", at: NOW, why: null } as const;

  it.each<[string, Given, string]>([
    ["by a writer", { permission: "write" }, "needs more permission"],
    ["by a stranger's bot", { event: { sender: { ...ADA, type: "Bot" } } }, "a bot that is not allowed"],
    ["of yesterday", { event: { createdAt: NOW - 86_400_000 } }, "written too long ago"],
    ["in a quote", { event: { body: "> /orchestrate stop" } }, "orders no stop"],
    ["that only tries", { event: { body: "/orchestrate stop --dry-run" } }, "orders no stop"],
    ["that is misspelt", { event: { body: "/orchestrate stop --keep" } }, "orders no stop"],
    ["that comes again after a later resume", { resumedBy: 556 }, "lifted by a later comment"],
    ["where it is stopped", { stops: [{ ...known, keepsRuns: false, commentId: 1 }] }, "stopped already"],
    [
      "where it keeps runs already",
      { stops: [{ ...known, keepsRuns: true, commentId: 1 }] },
      "stopped already",
    ],
  ])("is ignored %s", (_, given, why) => {
    const { stopChanges, outcome, effects } = plan(given);

    expect(outcome).toEqual({ status: "ignored", reason: expect.stringContaining(why) });
    expect([stopChanges, effects]).toEqual([[], []]);
  });
});
