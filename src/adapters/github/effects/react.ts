import type { Action } from "../../../core/effects.ts";
import { createEffectRow, done, type EffectContext, type Performed } from "./effect-row.ts";
import { isLocked, refuseLocked } from "./issue-comments.ts";

export const reactRow = createEffectRow("react", { content: false, perform: react });

/** GitHub keeps one reaction of a kind per account, so repeating it changes nothing. */
async function react(
  context: EffectContext,
  { target, content }: Extract<Action, { kind: "react" }>,
): Promise<Performed> {
  const { api } = context;
  if (target.kind === "issue") {
    if (await isLocked(context, target.id)) return refuseLocked();
    const route = "POST /repos/{owner}/{repo}/issues/{issue_number}/reactions";
    await api.write(route, { issue_number: target.id, content });
  } else {
    const route = "POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions";
    await api.write(route, { comment_id: target.id, content });
  }
  return done();
}
