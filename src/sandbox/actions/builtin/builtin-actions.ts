import type { Action, ActionCall } from "./action-call.ts";
import { downloadArtifact, uploadArtifact } from "./artifact-actions.ts";
import { checkout } from "./checkout.ts";

const ACTIONS: Readonly<Record<string, Action>> = {
  "actions/checkout": checkout,
  "actions/setup-node": setupNode,
  "actions/upload-artifact": uploadArtifact,
  "actions/download-artifact": downloadArtifact,
};

/** Finds an action by its name, whatever the version behind the `@`. */
export function findAction(uses: string): Action {
  const name = uses.split("@")[0] ?? "";
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action !== undefined) return action;
  const known = Object.keys(ACTIONS).join(", ");
  throw new Error(
    `The sandbox cannot run the action '${uses}'. It has ${known}; use a 'run' step for the rest.`,
  );
}

async function setupNode({ runtime, inputs }: ActionCall): Promise<Readonly<Record<string, string>>> {
  const asked = inputs["node-version"];
  const note = asked === undefined ? "" : ` (${asked} was asked for; nothing is downloaded)`;
  runtime.log.write(`Using Node.js ${process.version}${note}`);
  return { "node-version": process.version, "cache-hit": "false" };
}
