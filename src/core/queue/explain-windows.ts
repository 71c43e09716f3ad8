import type { Config } from "../config/config.ts";
import { findOpenWindow } from "../config/find-window.ts";
import { clock, code } from "../messages/text.ts";
import { type Reason, reason } from "../reasons.ts";

/** Why no run is started now: a window that stops dispatches is open. */
export function explainWindows(config: Config | null, now: number): readonly Reason[] {
  const open = findOpenWindow(config?.windows ?? [], "dispatch", now);
  if (open === null) return [];
  const { window, until } = open;
  const message = `Nothing is started in the window ${code(window.name)}, which ends ${clock(until, now)}.`;
  return [reason("window.closed", message, { deadline: until })];
}
