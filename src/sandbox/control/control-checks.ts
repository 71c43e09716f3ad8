import { requestAction, rerequestCheckRun } from "../areas/checks/check-records.ts";
import type { CheckRun, Repo } from "../world/records.ts";
import type { World } from "../world/world.ts";
import { actIn, type InRepository } from "./act-in.ts";

export interface PressedButton {
  readonly checkRunId: number;
  readonly identifier: string;
}

/** The buttons beside a check on GitHub's pages; only the app that owns the check hears of them. */
export function controlChecks(world: World) {
  return {
    /** Presses a button that a check run offers. */
    requestAction: ({ checkRunId, identifier, ...where }: InRepository & PressedButton): void => {
      const { repo, sender } = actIn(world, where);
      requestAction(world, repo, { run: requireOwnCheck(world, repo, checkRunId), identifier, sender });
    },
    /** Presses "Re-run". */
    rerequestCheck: ({ checkRunId, ...where }: InRepository & Pick<PressedButton, "checkRunId">): void => {
      const { repo, sender } = actIn(world, where);
      rerequestCheckRun(world, repo, { run: requireOwnCheck(world, repo, checkRunId), sender });
    },
  };
}

function requireOwnCheck(world: World, repo: Repo, id: number): CheckRun {
  const run = repo.checkRuns.get(id);
  if (!run) throw new Error(`there is no check run ${id} in ${repo.owner.login}/${repo.name}`);
  if (run.appId !== world.app?.id) throw new Error(`check run ${id} belongs to Actions: run the job again`);
  return run;
}
