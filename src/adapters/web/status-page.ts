import { html } from "hono/html";
import type { ProbedReadiness } from "./readiness-probe.ts";

export interface StatusFacts {
  readonly product: string;
  readonly version: string;
  readonly readiness: ProbedReadiness;
}

export const STATUS_STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 40rem; margin: 3rem auto; padding: 0 1rem; color: light-dark(#1f2328, #e6edf3); background: light-dark(#fff, #0d1117); }
h1 { font-size: 1.5rem; margin: 0; }
.version, footer { color: light-dark(#59636e, #9198a1); }
.state { font-weight: 600; padding: 0.75rem 1rem; border-radius: 0.5rem; border: 1px solid; }
.ready { color: light-dark(#1a7f37, #3fb950); }
.stopped, .unready { color: light-dark(#cf222e, #f85149); }
dl { display: grid; grid-template-columns: 1fr auto; gap: 0.5rem 1rem; }
dd { margin: 0; font-variant-numeric: tabular-nums; text-align: right; }
a { color: inherit; }
h1 { overflow-wrap: anywhere; }
footer { margin-top: 2rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 0.5rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 0.4rem 0.5rem 0.4rem 0; border-bottom: 1px solid light-dark(#d1d9e0, #3d444d); }
td { overflow-wrap: break-word; }
td a { overflow-wrap: anywhere; }
th { color: light-dark(#59636e, #9198a1); font-weight: 600; }
`;

/** What anyone may see: how the server is, and nothing of what it works on. */
export function renderStatusPage({ product, version, readiness }: StatusFacts) {
  const { ok, reason } = readiness;
  const stopped = describeStops(readiness);
  const rows: readonly (readonly [string, number])[] = [
    ["Events that wait to be handled", readiness.backlog],
    ["Effects that wait to be done", readiness.outboxWaiting],
    ["Deliveries that could not be handled", readiness.deadLetters],
    ["Sessions that are open", readiness.sessions?.open ?? 0],
    ["Sessions that are over and hold tasks back", readiness.sessions?.resting ?? 0],
  ];
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${product}: ${ok ? "ready" : "not ready"}</title>
    <link rel="stylesheet" href="/style.css">
  </head>
  <body>
    <header>
      <h1>${product}</h1>
      <p class="version">Version ${version}</p>
    </header>
    <main>
      <p class="state ${ok ? "ready" : "unready"}">${ok ? "✓ Ready." : `✗ Not ready. ${reason}`}</p>
      ${stopped === null ? "" : html`<p class="state stopped">⛔ ${stopped}</p>`}
      <dl>
        ${rows.map(([name, count]) => html`<dt>${name}</dt><dd>${count}</dd>`)}
      </dl>
    </main>
    <footer><a href="/status.json">The same as JSON</a></footer>
  </body>
</html>
`;
}

/** The same facts for programs. */
export function statusToJson({ product, version, readiness }: StatusFacts) {
  const { ok, reason, backlog, outboxWaiting, deadLetters } = readiness;
  const stopped = readiness.stopped ?? { all: false, parts: 0 };
  const sessions = readiness.sessions ?? { open: 0, resting: 0 };
  return { product, version, ready: ok, reason, backlog, outboxWaiting, deadLetters, stopped, sessions };
}

/** What the kill switch holds, without any names; null when that is nothing. */
function describeStops({ stopped }: ProbedReadiness): string | null {
  if (stopped?.all === true) return "Stopped: nothing is started, written or merged anywhere.";
  const parts = stopped?.parts ?? 0;
  if (parts === 0) return null;
  return `Stopped: nothing is started, written or merged in ${parts === 1 ? "one account or repository" : `${parts} accounts or repositories`}.`;
}
