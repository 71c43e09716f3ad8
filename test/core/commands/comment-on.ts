import type { EventOf } from "../../../src/core/events.ts";
import type { PlanInput } from "../../../src/core/plan/draft.ts";
import { planCommentCreated } from "../../../src/core/plan/events/plan-comment.ts";
import type { Gathered } from "../../../src/core/plan/gathered.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import type { StoredRepository } from "../../../src/core/plan/repository/repository.ts";
import type { Snapshot } from "../../../src/core/plan/snapshot.ts";
import { buildDraft, buildSnapshot, REPO } from "../../support/build-snapshot.ts";
import { buildTask, NOW } from "../../support/build-task.ts";

export const ADA = { id: 8, login: "ada", type: "User" } as const;

export function buildComment(
  overrides: Partial<EventOf<"comment.created">> = {},
): EventOf<"comment.created"> {
  return {
    kind: "comment.created",
    repo: REPO,
    issue: 42,
    sender: ADA,
    commentId: 555,
    body: "/orchestrate ping",
    isPull: false,
    createdAt: NOW - 2000,
    ...overrides,
  };
}

/** The plan for a comment by a maintainer on an issue whose task is queued, unless the test says otherwise. */
export function planFor(
  body: string,
  given: {
    readonly snapshot?: Snapshot;
    readonly gathered?: Gathered;
    readonly event?: Partial<EventOf<"comment.created">>;
    readonly own?: PlanInput["own"];
  } = {},
): Plan {
  const draft = buildDraft({
    snapshot: given.snapshot ?? buildSnapshot({ focus: buildTask(), queue: [buildTask()] }),
    gathered: { permission: "maintain", ...given.gathered },
  });
  planCommentCreated(draft, buildComment({ body, ...given.event }));
  return draft.toPlan();
}

/** What is stored of the repository after a plan, beside which commands were given there. */
export function storedAfter(plan: Plan, { repository }: Snapshot): StoredRepository {
  const { lastWords: _given, ...stored } = plan.repository?.stored ?? repository.stored;
  return stored;
}

/** The reply without the folded quote of the commands. */
export function replyIn(plan: Plan): string | undefined {
  return fullReplyIn(plan)?.replace(/\n\n<details><summary>In response to<\/summary>[\s\S]*$/u, "");
}

export function fullReplyIn(plan: Plan): string | undefined {
  for (const effect of plan.effects) {
    if (effect.sort === "action" && effect.action.kind === "reply") return effect.action.body;
  }
  return undefined;
}

export function reactionIn(plan: Plan): string | undefined {
  for (const effect of plan.effects) {
    if (effect.sort === "action" && effect.action.kind === "react" && effect.action.target.kind === "comment")
      return effect.action.content;
  }
  return undefined;
}

/** Keys of the effects that are not the answer itself. */
export function otherKeysIn(plan: Plan): readonly string[] {
  return plan.effects.map((effect) => effect.key).filter((key) => !/:(?:reply|react):/u.test(key));
}
