import type { IncomingMessage, ServerResponse } from "node:http";
import type { World } from "../world/world.ts";

/** Answers the web pages under `/ui`; false when the path is not a page. */
export async function servePage(
  _world: World,
  _request: IncomingMessage,
  _response: ServerResponse,
): Promise<boolean> {
  return false;
}
