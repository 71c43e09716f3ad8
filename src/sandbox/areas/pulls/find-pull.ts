import { pathNumber } from "../../http/body-fields.ts";
import { type Call, Refusal } from "../../http/route.ts";
import type { Pull } from "../../world/records.ts";

/** The pull request of the path's `{pull_number}`. */
export function pullOfPath({ repo, params }: Call): Pull {
  const pull = repo.pulls.get(pathNumber(params, "pull_number"));
  if (pull === undefined) throw new Refusal(404, "Not Found");
  return pull;
}
