import { describe, expect, it } from "vitest";
import type { EventOf } from "../../../src/core/events.ts";
import { COMMAND_MAX_AGE_MS } from "../../../src/core/plan/deadlines.ts";
import {
  planCommentCreated,
  planCommentDeleted,
  planCommentEdited,
  planCommentElsewhere,
} from "../../../src/core/plan/events/plan-comment.ts";
import type { Gathered } from "../../../src/core/plan/gathered.ts";
import { buildConfigText, buildDraft, buildSnapshot, REPO } from "../../support/build-snapshot.ts";
import { buildTask, NOW } from "../../support/build-task.ts";
import {
  ADA,
  buildComment,
  fullReplyIn,
  otherKeysIn,
  planFor,
  reactionIn,
  replyIn,
} from "../commands/comment-on.ts";

const BOT = { id: 4242, login: "helper[bot]", type: "Bot" } as const;

function buildEdit(overrides: Partial<EventOf<"comment.edited">>): EventOf<"comment.edited"> {
  return {
    kind: "comment.edited",
    repo: REPO,
    issue: 42,
    sender: ADA,
    commentId: 555,
    body: "",
    before: "",
    ...overrides,
  };
}

function planEdit(overrides: Partial<EventOf<"comment.edited">>) {
  const draft = buildDraft();
  planCommentEdited(draft, buildEdit(overrides));
  return draft.toPlan();
}

describe("F176 a command beside the conversation", () => {
  function planElsewhere(overrides: Partial<EventOf<"comment.elsewhere">> = {}, gathered: Gathered = {}) {
    const draft = buildDraft({ gathered: { permission: "write", ...gathered } });
    planCommentElsewhere(draft, {
      ...{ kind: "comment.elsewhere", repo: REPO, issue: 42, sender: ADA },
      ...{ place: "review", id: 77, body: "/orchestrate hold", ...overrides },
    });
    return draft.toPlan();
  }

  it.each([
    ["review", "1001:review-hint:77", "in the text of a review"],
    ["line", "1001:line-hint:77", "beside a line of the change"],
  ] as const)("is answered with where to write it: %s", (place, key, words) => {
    const plan = planElsewhere({ place });

    expect(plan.effects.map((effect) => effect.key)).toEqual([key]);
    expect(replyIn(plan)).toBe(
      `@ada: *Hint*: commands are read in comments of this conversation, so what you wrote ${words} was not done. Write it in a comment here.`,
    );
    expect(plan.tasks).toEqual([]);
  });

  it.each<[string, Partial<EventOf<"comment.elsewhere">>, Gathered]>([
    ["no command, but a mention", { body: "Try `/orchestrate hold`." }, {}],
    ["a passer-by", {}, { permission: "read" }],
    ["somebody whose permission could not be read", {}, { permission: "none" }],
    ["a bot", { sender: { id: 5, login: "helper[bot]", type: "Bot" } }, {}],
  ])("is not answered to %s", (_who, overrides, gathered) => {
    expect(planElsewhere(overrides, gathered).effects).toEqual([]);
  });
});

describe("a comment that was created", () => {
  it("is ignored when it has no command", () => {
    const plan = planFor("Looks good to me.");

    expect(plan.outcome).toEqual({ status: "ignored", reason: "no command" });
    expect(plan.effects).toEqual([]);
  });

  it("is answered by one reply and one reaction, once for each comment", () => {
    const plan = planFor("/orchestrate ping\n/orchestrate why");

    expect(plan.outcome).toEqual({ status: "processed", reason: "commands: ping, why" });
    expect(plan.effects.map(({ key, subject }) => [key, subject])).toEqual([
      ["1001:reply:555", "1001:issue:42"],
      ["1001:react:555", "1001:reaction:comment:555"],
    ]);
  });

  it("has its commands run in order, each seeing what the one before did", () => {
    const plan = planFor(
      "/orchestrate hold\n/orchestrate hold\n/orchestrate unhold\n/orchestrate priority p0",
    );

    expect(replyIn(plan)).toMatchInlineSnapshot(`
      "@ada:

      **hold**: ✋ **#42** is on hold; nothing starts for it. Undo: \`/orchestrate unhold\`

      **hold**: Nothing changed: **#42** is on hold already.

      **unhold**: ▶️ **#42** is not on hold any more. Undo: \`/orchestrate hold\`

      **priority**: **#42** has priority **p0** now, position 1 of 1. Undo: \`/orchestrate priority p2\`"
    `);
    expect(plan.tasks).toMatchObject([{ held: false, priority: "p0" }]);
  });

  it("is quoted in the reply so that quoting the reply runs nothing", () => {
    const reply = fullReplyIn(planFor("/orchestrate hold -- `wait` @bob <b>\n\n/orchestrate ping"));

    expect(reply?.split("\n\n<details>")[1]).toMatchInlineSnapshot(`
      "<summary>In response to</summary>

      > \`/orchestrate hold -- 'wait' @bob <b>\`
      >
      > \`/orchestrate ping\`

      </details>"
    `);
  });

  it("F187 by a bot is ignored, unless the configuration allows exactly that account", () => {
    const allowing = buildConfigText({ lines: [`allowedBots: [${BOT.id}]`] });
    const impostor = { ...BOT, id: 1 };

    const denied = planFor("/orchestrate cancel", { event: { sender: BOT } });
    const allowed = planFor("/orchestrate ping", {
      event: { sender: BOT },
      snapshot: buildSnapshot({ configText: allowing }),
    });
    const pretending = planFor("/orchestrate ping", {
      event: { sender: impostor },
      snapshot: buildSnapshot({ configText: allowing }),
    });

    expect(denied.outcome).toEqual({
      status: "ignored",
      reason: "written by a bot that is not allowed",
    });
    expect(denied.effects).toEqual([]);
    expect(allowed.outcome.status).toBe("processed");
    expect(pretending.outcome.status).toBe("ignored");
  });

  it("that carries our own marker is ignored", () => {
    const plan = planFor("<!-- orchestrator:reply key=1 -->\n\n/orchestrate cancel");

    expect(plan.outcome).toEqual({ status: "ignored", reason: "carries the marker of this app" });
    expect(plan.tasks).toEqual([]);
  });

  it("F034 that is old when it arrives is answered and not run", () => {
    const plan = planFor("/orchestrate cancel\n/orchestrate why", {
      event: { createdAt: NOW - COMMAND_MAX_AGE_MS - 1 },
    });

    expect(replyIn(plan)).toMatchInlineSnapshot(
      `"@ada: This was written 1 h before it arrived here, so it may not be what you want any more and was not done. Write it again if it is."`,
    );
    expect(plan.tasks).toEqual([]);
    expect(reactionIn(plan)).toBe("confused");
  });

  it("that is just young enough is run", () => {
    const plan = planFor("/orchestrate cancel", { event: { createdAt: NOW - COMMAND_MAX_AGE_MS } });

    expect(plan.tasks).toMatchObject([{ state: "cancelled" }]);
  });

  it("F178 is refused when its author's permission is not known", () => {
    const draft = buildDraft({ snapshot: buildSnapshot({ focus: buildTask() }), gathered: {} });
    planCommentCreated(draft, buildComment({ body: "/orchestrate cancel" }));
    const plan = draft.toPlan();

    expect(replyIn(plan)).toBe("@ada: Not done: `cancel` needs **write**; you have **none**.");
    expect(plan.tasks).toEqual([]);
  });

  it("F097 is refused when its author has lost the permission since", () => {
    const plan = planFor("/orchestrate retry", { gathered: { permission: "none" } });

    expect(replyIn(plan)).toBe("@ada: Not done: `retry` needs **write**; you have **none**.");
    expect(plan.tasks).toEqual([]);
  });

  it("F169 is refused once for all commands that need more, and the others run", () => {
    const plan = planFor("/orchestrate cancel\n/orchestrate pause\n/orchestrate ping\n/orchestrate hold", {
      gathered: { permission: "triage" },
    });

    expect(replyIn(plan)).toMatchInlineSnapshot(`
      "@ada:

      **ping**: pong. Your comment was read 2 s after you wrote it.

      Not done: \`cancel\`, \`hold\` need **write**; \`pause\` needs **maintain**; you have **triage**."
    `);
    expect(reactionIn(plan)).toBe("-1");
    expect(plan.tasks).toEqual([]);
  });

  it("says how many commands were too many", () => {
    const reply = replyIn(planFor(Array.from({ length: 12 }, () => "/orchestrate ping").join("\n")));

    expect(reply).toContain("A comment may have 10 commands; 2 more were not done.");
    expect(reply?.match(/pong/gu)).toHaveLength(10);
  });

  it("gets a hint when a line only looks like a command", () => {
    const plan = planFor("- /orchestrate cancel\n\nPlease /orchestrate retry");

    expect(plan.outcome).toEqual({ status: "processed", reason: "no command, but a hint" });
    expect(fullReplyIn(plan)).toMatchInlineSnapshot(
      `"@ada: *Hint*: a line that looks like a command was not done, since it is in a list; or in the middle of a line. A command stands at the start of a line of its own, outside of quotes, lists, code and HTML. See \`/orchestrate help\`."`,
    );
    expect(plan.tasks).toEqual([]);
  });

  it("gets no hint when its author could not run a command anyway", () => {
    const plan = planFor("Please /orchestrate retry", { gathered: { permission: "read" } });

    expect(plan.effects).toEqual([]);
    expect(plan.outcome.status).toBe("ignored");
  });

  it("that is too long to be read says so", () => {
    const plan = planFor(`${"log\n".repeat(2000)}/orchestrate cancel`);

    expect(replyIn(plan)).toBe(
      "@ada: This comment is too long to be read for commands; write them in a comment of their own.",
    );
    expect(plan.tasks).toEqual([]);
  });

  it("F173 with our own help text in it runs nothing, quoted or copied from the page", () => {
    const help = fullReplyIn(planFor("/orchestrate help", { gathered: { permission: "read" } })) ?? "";
    const quoted = help.replace(/^/gmu, "> ");
    const copied = help.replace(/^- /gmu, "").replaceAll("`", "");

    for (const body of [help, quoted, copied]) {
      const plan = planFor(body, { snapshot: buildSnapshot({ focus: buildTask({ state: "failed" }) }) });

      expect(plan.tasks).toEqual([]);
      expect(plan.repository).toBeNull();
      expect(plan.events).toEqual([]);
      expect(otherKeysIn(plan)).toEqual([]);
    }
  });

  it("F175 of two that come together runs the second on what the first left", () => {
    const cancelled = planFor("/orchestrate cancel").tasks[0] ?? buildTask();

    const run = planFor("/orchestrate run", {
      snapshot: buildSnapshot({ focus: cancelled }),
      gathered: {
        issue: {
          number: 42,
          state: "open",
          stateReason: null,
          title: "Forecast",
          body: "",
          labels: ["bug"],
          isPull: false,
          locked: false,
        },
      },
    });

    expect(run.tasks).toMatchObject([{ id: "1001.42.2", state: "queued" }]);
  });

  it("writes into the audit who asked for what and what came of it", () => {
    const plan = planFor("/orchestrate hold\n/orchestrate retyr", { gathered: { permission: "write" } });

    expect(plan.audit.filter(({ kind }) => kind === "command")).toMatchObject([
      { actor: "ada", data: { verb: "hold", permission: "write", answer: "rocket" } },
      { actor: "ada", data: { verb: "unknown", permission: "write", answer: "confused" } },
    ]);
  });
});

describe("F171 a comment that was edited", () => {
  it("gets one hint for a command that the edit added, and runs nothing", () => {
    const plan = planEdit({ before: "Hello", body: "Hello\n/orchestrate cancel" });

    expect(plan.effects.map(({ key }) => key)).toEqual(["1001:edit-hint:555"]);
    expect(fullReplyIn(plan)).toMatchInlineSnapshot(
      `"@ada: *Hint*: commands count when a comment is created, so what was added by editing was not done. Write it in a new comment."`,
    );
    expect(plan.tasks).toEqual([]);
  });

  it("gets a hint for a command that the edit changed", () => {
    expect(planEdit({ before: "/orchestrate why", body: "/orchestrate cancel" }).effects).toHaveLength(1);
  });

  it.each([
    ["the text around a command changed", "/orchestrate why", "Hello\n\n/orchestrate  WHY"],
    ["a command was removed", "/orchestrate why\n/orchestrate cancel", "/orchestrate cancel"],
    ["a command was added to code", "", "`/orchestrate why`"],
  ])("is ignored when %s", (_, before, body) => {
    expect(planEdit({ before, body })).toMatchObject({
      outcome: { status: "ignored", reason: "no command was added" },
      effects: [],
    });
  });

  it("is ignored when a bot edited it", () => {
    expect(planEdit({ body: "/orchestrate why", sender: BOT }).effects).toEqual([]);
  });
});

describe("F172 a comment that was deleted", () => {
  it("takes nothing back", () => {
    const draft = buildDraft();

    planCommentDeleted(draft, {
      kind: "comment.deleted",
      repo: REPO,
      issue: 42,
      sender: ADA,
      commentId: 555,
    });

    expect(draft.toPlan()).toMatchObject({ outcome: { status: "ignored" }, effects: [], tasks: [] });
  });
});
