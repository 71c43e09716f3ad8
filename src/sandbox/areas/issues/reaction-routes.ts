import { invalidRequest, optionalChoice, pathNumber } from "../../http/body-fields.ts";
import { paginate } from "../../http/paginate.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { presentReaction, REACTION_CONTENTS } from "../../present/issues/reaction.ts";
import type { Reaction } from "../../world/records.ts";
import { actingUser, findComment, findIssue, joinIssues, mayChange, readIssues } from "./issue-access.ts";

type ReactionsOf = (call: Call) => Reaction[];

const ISSUES = "/repos/{owner}/{repo}/issues";

export const reactionRoutes: readonly Route[] = [
  ...routesFor(`${ISSUES}/{issue_number}/reactions`, (call) => findIssue(call).reactions),
  ...routesFor(`${ISSUES}/comments/{comment_id}/reactions`, (call) => findComment(call).reactions),
];

function routesFor(path: string, reactionsOf: ReactionsOf): Route[] {
  return [
    { method: "GET", path, access: readIssues, handle: (call) => list(call, reactionsOf(call)) },
    { method: "POST", path, access: joinIssues, handle: (call) => add(call, reactionsOf(call)) },
    {
      method: "DELETE",
      path: `${path}/{reaction_id}`,
      access: joinIssues,
      handle: (call) => remove(call, reactionsOf(call)),
    },
  ];
}

function list(call: Call, reactions: readonly Reaction[]): Answer {
  const content = call.query.get("content");
  const wanted = content === null ? reactions : reactions.filter((one) => one.content === content);
  const { items, headers } = paginate(call, wanted);
  return { status: 200, body: items.map((one) => presentReaction(call.world, one)), headers };
}

/** A second reaction of one person with the same content is the first one. */
function add(call: Call, reactions: Reaction[]): Answer {
  const { world, body } = call;
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
