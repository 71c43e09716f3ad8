import type { Action } from "../../../core/effects.ts";
import { hiddenMarker } from "../marker.ts";
import { createEffectRow, done, type EffectContext, type Performed } from "./effect-row.ts";
import { createComment, findOwnComment, isLocked, markBody, refuseLocked } from "./issue-comments.ts";

export const replyRow = createEffectRow("reply", { content: true, perform: reply });

async function reply(
  context: EffectContext,
  { issue, body }: Extract<Action, { kind: "reply" }>,
): Promise<Performed> {
  const marker = hiddenMarker("reply", context.key);
  const since = context.firstTriedAt;
  const written = context.mayHaveHappened
    ? await findOwnComment(context, { issue, marker, ...(since !== null && { since }) })
    : undefined;
  if (written === undefined && (await isLocked(context, issue))) return refuseLocked();
  const comment = written ?? (await createComment(context, issue, markBody(marker, body)));
  return done({ commentId: comment.id, url: comment.url }, comment.id);
}
