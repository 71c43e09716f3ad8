import type { ReasonCode } from "../reasons.ts";
import type { Task } from "../task/task.ts";

/** What keeps back what was ordered, or would be next, and when it goes on. */
const WHEN_LIFTED: Partial<Record<ReasonCode, string>> = {
  "repository.paused": "it goes on when the pause is lifted.",
  "mode.shadow": "it goes on when the configuration says `mode: active`.",
  "autonomy.too-low": "it goes on when the configuration allows it again.",
  "task.held": "it goes on when the hold is lifted.",
};

/** What happens next with a task that is under way and kept back; undefined where nothing keeps it. */
export function nextWhenLifted({ reasons }: Pick<Task, "reasons">): string | undefined {
  return reasons.flatMap(({ code }) => WHEN_LIFTED[code] ?? [])[0];
}
