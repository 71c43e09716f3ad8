import { type Autonomy, lowest } from "../autonomy/autonomy.ts";
import type { Config } from "../config/config.ts";
import type { PullNow } from "../facts.ts";
import { ceilingOf } from "../gate/rules/ceiling.ts";
import type { Task } from "../task/task.ts";
import { autonomyOf } from "./repository/repository-view.ts";

/** The freedom for this change: that of the role, lowered by the parts of the tree that it touches. */
export function autonomyFor(config: Config, { role }: Pick<Task, "role">, pull: PullNow): Autonomy {
  const ceiling = ceilingOf(pull.files ?? [], config);
  const own = autonomyOf(config, role);
  return ceiling === null ? own : lowest(own, ceiling);
}
