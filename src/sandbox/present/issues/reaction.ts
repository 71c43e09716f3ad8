import type { Reaction } from "../../world/records.ts";
import type { World } from "../../world/world.ts";
import { nodeId } from "../node-id.ts";
import { timestamp } from "../timestamp.ts";
import { presentUser } from "../user.ts";

export const REACTION_CONTENTS = [
  "+1",
  "-1",
  "laugh",
  "confused",
  "heart",
  "hooray",
  "rocket",
  "eyes",
] as const;

export function presentReaction(world: World, reaction: Reaction) {
  return {
    id: reaction.id,
    node_id: nodeId("REA", reaction.id),
    user: presentUser(world, reaction.user),
    content: reaction.content,
    created_at: timestamp(reaction.createdAt),
  };
}

/** Counts by content, as issues and comments carry them. */
export function presentReactionRollup(url: string, reactions: readonly Reaction[]) {
  const count = (content: string): number => reactions.filter((one) => one.content === content).length;
  return {
    url: `${url}/reactions`,
    total_count: reactions.length,
    ...Object.fromEntries(REACTION_CONTENTS.map((content) => [content, count(content)])),
  };
}
