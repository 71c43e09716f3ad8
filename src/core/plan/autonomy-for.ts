import { type Autonomy, lowest } from "../autonomy/autonomy.ts";
import type { Config } from "../config/config.ts";
import type { PullNow } from "../facts.ts";
import { touchedPaths } from "../gate/match-paths.ts";
import { ceilingOf } from "../gate/rules/ceiling.ts";
import type { Task } from "../task/task.ts";
import { autonomyOf } from "./repository/repository-view.ts";

/** The freedom for a change of these paths: that of the role, lowered by the parts of the tree that they are in. */
export function autonomyOn(config: Config, { role }: Pick<Task, "role">, paths: readonly string[]): Autonomy {
  const ceiling = ceilingOf(paths, config);
  const own = autonomyOf(config, role);
  return ceiling === null ? own : lowest(own, ceiling);
}

/** The freedom for this pull request. */
export function autonomyFor(config: Config, task: Pick<Task, "role">, pull: PullNow): Autonomy {
  return autonomyOn(config, task, touchedPaths(pull.files ?? []));
}
