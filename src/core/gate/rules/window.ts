import { findOpenWindow, nextWindow } from "../../config/find-window.ts";
import { clock, code } from "../../messages/text.ts";
import { answerAs, type GateRule } from "../gate-rule.ts";

const { pass, blocked } = answerAs("window");

const WANTED = "no window that stops merges";
const DAY_MS = 86_400_000;
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** Time lifts it, so it is asked again at the window's end. */
export const windowGate: GateRule = {
  name: "window",
  purpose: "With windows configured: no window that stops merges is open.",
  changedBy: ["clock", "configuration"],
  key: ["windows"],
  isOverridable: true,
  inQueue: true,
  appliesTo: ({ config }) => config.windows.some(({ stops }) => stops.includes("merge")),
  whyNot: "no window that stops merges is configured",
  evaluate({ config: { windows }, now }) {
    const open = findOpenWindow(windows, "merge", now);
    if (open !== null) {
      const span = `${code(open.window.name)} until ${momentOf(open.until, now)}`;
      return blocked({
        message: `Merges are stopped by ${span}.`,
        seen: span,
        wanted: WANTED,
        howToFix: "Wait for its end, or change `windows` on the default branch.",
        until: open.until,
      });
    }
    const next = nextWindow(windows, "merge", now);
    const coming =
      next === null ? "none to come" : `${code(next.window.name)} at ${momentOf(next.starts, now)}`;
    return pass({
      message: `No window stops merges now; next: ${coming}.`,
      seen: "no open window",
      wanted: WANTED,
    });
  },
};

/** By the day of the week where that says which day it is. */
function momentOf(at: number, now: number): string {
  const text = clock(at, now);
  const isOtherDay = text.includes("-");
  if (!isOtherDay || at - now >= 6 * DAY_MS) return text;
  const date = new Date(at);
  return `${WEEKDAYS[date.getUTCDay()] ?? ""} ${clock(at, at)}`;
}
