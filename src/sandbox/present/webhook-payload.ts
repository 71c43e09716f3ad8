import type { Installation } from "../world/records.ts";
import type { Emission, World } from "../world/world.ts";
import { nodeId } from "./node-id.ts";
import { presentRepository } from "./repository.ts";
import { presentOrganization, presentUser } from "./user.ts";

/** The whole payload of an emission: its own part and what every payload has; also the `github.event` of a run. */
export function assemblePayload(
  world: World,
  emission: Emission,
  installation?: Installation,
): Record<string, unknown> {
  const { action, payload, repo, sender } = emission;
  return {
    ...(action !== null && { action }),
    ...payload,
    ...(repo && { repository: presentRepository(world, repo) }),
    ...(repo?.owner.type === "Organization" && { organization: presentOrganization(world, repo.owner) }),
    sender: presentUser(world, sender),
    ...(installation && {
      installation: { id: installation.id, node_id: nodeId("IN", installation.id) },
    }),
  };
}
