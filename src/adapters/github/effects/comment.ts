import type { Projection } from "../../../core/effects.ts";
import { orUndefined } from "../client/github-problem.ts";
import { hiddenMarker } from "../marker.ts";
import { createEffectRow, done, type EffectContext, type Performed } from "./effect-row.ts";
import { createComment, findOwnComment, isLocked, markBody, refuseLocked } from "./issue-comments.ts";

type CommentProjection = Extract<Projection, { kind: "comment" }>;

export const commentRow = createEffectRow("comment", { content: true, perform: projectComment });

/**
 * Edits the comment that is known, else the one that is found by its marker, else writes one. Looking first costs one
 * request per comment, and keeps a restored backup from writing everything a second time.
 */
async function projectComment(
  context: EffectContext,
  { issue, body: text }: CommentProjection,
): Promise<Performed> {
  if (await isLocked(context, issue)) return refuseLocked();
  const marker = hiddenMarker("comment", context.key);
  const body = markBody(marker, text);
  const knownId = context.remoteId === null ? undefined : Number(context.remoteId);
  if (knownId !== undefined && (await editComment(context, knownId, body))) return done({}, knownId);
  const found = await findOwnComment(context, { issue, marker });
  if (found && (found.body === body || (await editComment(context, found.id, body)))) {
    return done({}, found.id);
  }
  const { id } = await createComment(context, issue, body);
  return done({}, id);
}

/** False when somebody deleted it. */
async function editComment(context: EffectContext, id: number, body: string): Promise<boolean> {
  const route = "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}";
  return (await orUndefined(context.api.write(route, { comment_id: id, body }))) !== undefined;
}
