import type { IssueEventRecord } from "../../world/issue-event-record.ts";
import type { Repo } from "../../world/records.ts";
import type { World } from "../../world/world.ts";
import { presentAppById } from "../app.ts";
import { nodeId } from "../node-id.ts";
import { repositoryUrl } from "../repository.ts";
import { timestamp } from "../timestamp.ts";
import { presentUser } from "../user.ts";

/** A line of an issue's history as the API lists it. */
export function presentIssueEvent(world: World, repo: Repo, record: IssueEventRecord) {
  const { id, event, actor, label, createdAt } = record;
  const isOurs = actor.id === world.app?.bot.id;
  return {
    id,
    node_id: nodeId("IE", id),
    url: `${repositoryUrl(world, repo)}/issues/events/${id}`,
    actor: presentUser(world, actor),
    event,
    commit_id: null,
    commit_url: null,
    created_at: timestamp(createdAt),
    performed_via_github_app: presentAppById(world, isOurs ? (world.app?.id ?? null) : null),
    ...(label !== null && { label }),
  };
}
