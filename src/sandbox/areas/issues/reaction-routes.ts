import { invalidRequest, optionalChoice, pathNumber } from "../../http/body-fields.ts";
import { paginate } from "../../http/paginate.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { presentReaction, REACTION_CONTENTS } from "../../present/issues/reaction.ts";
import type { Issue, Reaction } from "../../world/records.ts";
import { actingUser, findComment, findIssue, joinIssues, mayChange, readIssues } from "./issue-access.ts";

/** What is reacted to: an issue, or a comment of it. */
interface Target {
  readonly issue: Issue | undefined;
  readonly reactions: Reaction[];
}

type FindTarget = (call: Call) => Target;

const ISSUES = "/repos/{owner}/{repo}/issues";

export const reactionRoutes: readonly Route[] = [
  ...routesFor(`${ISSUES}/{issue_number}/reactions`, (call) => {
    const issue = findIssue(call);
    return { issue, reactions: issue.reactions };
  }),
  ...routesFor(`${ISSUES}/comments/{comment_id}/reactions`, (call) => {
    const { issueNumber, reactions } = findComment(call);
    return { issue: call.repo.issues.get(issueNumber), reactions };
  }),
];

function routesFor(path: string, find: FindTarget): Route[] {
  return [
    { method: "GET", path, access: readIssues, handle: (call) => list(call, find(call).reactions) },
    { method: "POST", path, access: joinIssues, handle: (call) => add(call, find(call)) },
    {
      method: "DELETE",
      path: `${path}/{reaction_id}`,
      access: joinIssues,
      handle: (call) => remove(call, find(call).reactions),
    },
  ];
}

function list(call: Call, reactions: readonly Reaction[]): Answer {
  const content = call.query.get("content");
  const wanted = content === null ? reactions : reactions.filter((one) => one.content === content);
  const { items, headers } = paginate(call, wanted);
  return { status: 200, body: items.map((one) => presentReaction(call.world, one)), headers };
}

/** A second reaction of one person with the same content is the first one. Nobody reacts in a locked conversation. */
function add(call: Call, { issue, reactions }: Target): Answer {
  const { world, body } = call;
  if (issue?.locked) throw new Refusal(403, "Reactions are not allowed because issue is locked.");
  const content = optionalChoice(body, "content", REACTION_CONTENTS);
  if (content === undefined) throw invalidRequest(`"content" wasn't supplied.`);
  const user = actingUser(call);
  const known = reactions.find((one) => one.user.id === user.id && one.content === content);
  if (known) return { status: 200, body: presentReaction(world, known) };
  const reaction: Reaction = { id: world.nextId(), content, user, createdAt: world.now() };
  reactions.push(reaction);
  return { status: 201, body: presentReaction(world, reaction) };
}

function remove(call: Call, reactions: Reaction[]): Answer {
  const id = pathNumber(call.params, "reaction_id");
  const index = reactions.findIndex((one) => one.id === id);
  const reaction = reactions[index];
  if (!reaction) throw new Refusal(404, "Not Found");
  if (!mayChange(call, reaction.user)) throw new Refusal(403, "Must have push access to repository.");
  reactions.splice(index, 1);
  return { status: 204 };
}
