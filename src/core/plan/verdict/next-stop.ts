import { nextWindow } from "../../config/find-window.ts";
import type { Draft } from "../draft.ts";

/** When the next window begins that stops merges, since a pass does not stand in it; never where none is configured. */
export function nextStop({ view, now }: Draft): number {
  return nextWindow(view.config?.windows ?? [], "merge", now)?.starts ?? Number.POSITIVE_INFINITY;
}
