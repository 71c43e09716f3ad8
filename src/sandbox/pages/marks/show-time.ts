import { html } from "hono/html";
import type { Html } from "../frame/visit.ts";

const STEPS = [
  { unit: "year", seconds: 31_536_000 },
  { unit: "month", seconds: 2_592_000 },
  { unit: "day", seconds: 86_400 },
  { unit: "hour", seconds: 3600 },
  { unit: "minute", seconds: 60 },
  { unit: "second", seconds: 1 },
] as const;

const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** A moment as people say it ("3 minutes ago"); the exact time shows when pointed at. */
export function renderTime(at: Date, now: Date): Html {
  const exact = at.toISOString();
  return html`<time datetime="${exact}" title="${exact.slice(0, 19).replace("T", " ")} UTC">${relativeTime(at, now)}</time>`;
}

export function relativeTime(at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const step = STEPS.find((one) => Math.abs(seconds) >= one.seconds);
  return step === undefined ? "now" : RELATIVE.format(Math.trunc(seconds / step.seconds), step.unit);
}

/** How long it took, or has taken so far: `12 s`, `2 min 3 s`, `1 h 5 min`. */
export function formatDuration(from: Date, to: Date): string {
  const seconds = Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joinUnits(`${minutes} min`, seconds % 60, "s");
  return joinUnits(`${Math.floor(minutes / 60)} h`, minutes % 60, "min");
}

function joinUnits(large: string, rest: number, unit: string): string {
  return rest === 0 ? large : `${large} ${rest} ${unit}`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
