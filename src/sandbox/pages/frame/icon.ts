import { html } from "hono/html";
import type { Html } from "./visit.ts";

/** Line drawings on a 16 by 16 grid. */
const SHAPES = {
  open: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0ZM8 7.6a.4.4 0 1 0 0 .8.4.4 0 0 0 0-.8Z",
  done: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0ZM5.4 8.2l1.8 1.8 3.4-3.7",
  failed: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0ZM6 6l4 4M10 6l-4 4",
  skipped: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0ZM5.7 10.3l4.6-4.6",
  stopped: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0ZM6.2 6.2h3.6v3.6H6.2Z",
  needed: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0ZM8 5v3.6M8 10.9v.2",
  late: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0ZM8 4.8V8l2.2 1.5",
  neutral: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0ZM5.5 8h5",
  running: "M14 8a6 6 0 1 1-6-6",
  pull: "M4 5.8v4.4M4 2.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6ZM4 10.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6ZM12 10.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6ZM12 10.2V6.4A2.4 2.4 0 0 0 9.6 4H7.6m2-2-2 2 2 2",
  merged:
    "M4.5 5.8v4.4M4.5 2.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6ZM4.5 10.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6ZM12 6.9a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6ZM4.5 5.8c.5 2 2.7 2.9 5.7 2.9",
  commit: "M11 8a3 3 0 1 1-6 0 3 3 0 0 1 6 0ZM1 8h4M11 8h4",
  folder: "M1.8 12.700V3.300h4.400l1.6 1.700h6.400v7.700Z",
  file: "M3.5 1.800h5.800l3.2 3.300v9.100h-9ZM9 2v3.500h3.3",
  play: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0ZM6.7 5.600v4.800L10.5 8Z",
  code: "M5.5 4.5 2 8l3.5 3.500M10.5 4.5 14 8l-3.5 3.5",
  comment: "M2.3 3h11.4v8H8l-3 2.5V11H2.3Z",
  box: "M2 4.8 8 1.800l6 3v6.400l-6 3-6-3ZM2.2 4.9 8 7.800l5.8-2.900M8 7.800v6.2",
} as const;

export type IconName = keyof typeof SHAPES;

/** An icon that only decorates: what it means must also stand in words next to it. */
export function renderIcon(name: IconName): Html {
  return html`<svg class="icon icon-${name}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="${SHAPES[name]}"/></svg>`;
}
