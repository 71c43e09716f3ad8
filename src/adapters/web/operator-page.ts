import { html } from "hono/html";
import { clock } from "../../core/messages/text.ts";
import type { Budget, OperatedRepository, RepositoryOperation } from "../../core/operation/operation.ts";

/** Every repository in a line, those in trouble first. */
export function renderRepositories(facts: {
  readonly product: string;
  readonly repositories: readonly OperatedRepository[];
}) {
  const { product, repositories } = facts;
  const rows = repositories.map(({ id, name, status, paused, openBreakers, restingRoles }) => [
    name === null ? `Governed repository ${id}` : html`<a href="/operator/${name}">${name}</a>`,
    paused ? `${status}, paused` : status,
    mark(openBreakers),
    mark(restingRoles),
  ]);
  return page(product, {
    title: "Repositories",
    json: "/operator.json",
    content: table(
      ["Repository", "State", "Open breakers", "Resting roles"],
      rows,
      "No repository is known.",
    ),
  });
}

/** One repository: what rests, what it has used, what is under way, and how people's pull requests stand. */
export function renderRepository(facts: {
  readonly product: string;
  readonly found: RepositoryOperation;
  readonly now: number;
}) {
  const { product, found, now } = facts;
  const { name, status, mode, paused, stopped, queued, tasks } = found;
  const state = [
    `App ${status}`,
    mode === null ? "no configuration" : `mode ${mode}`,
    ...(paused ? ["paused"] : []),
    ...(stopped ? ["stopped"] : []),
  ];
  const content = html`
      <p class="version"><a href="/operator">All repositories</a></p>
      <p class="state ${status === "active" && !stopped ? "ready" : "stopped"}">${state.join(" · ")}</p>
      <h2>Breakers</h2>
      ${table(
        ["Guards", "State", "Troubles", "Until"],
        found.breakers.map((one) => [
          one.guards,
          BREAKER_WORDS[one.state],
          `${one.failures}`,
          one.until === null ? "–" : clock(one.until, now),
        ]),
        "None has counted trouble.",
      )}
      <h2>Resting roles</h2>
      ${table(
        ["Role", "Until"],
        found.rests.map(({ role, until }) => [role, clock(until, now)]),
        "None rests.",
      )}
      <h2>Sessions</h2>
      ${table(
        ["Session", "Team", "State", "Tasks taken", "Until"],
        found.sessions.map(({ number, team, state: at, taken, count, endsAt }) => [
          `${number}`,
          team ?? "every team",
          SESSION_WORDS[at],
          count === null ? `${taken}` : `${taken} of ${count}`,
          endsAt === null ? "–" : clock(endsAt, now),
        ]),
        "None is open or holds anything back.",
      )}
      <h2>Budgets of the week</h2>
      ${table(
        ["Of", "Used", "Reserved", "Limit"],
        found.budgets.map((one) => [one.of, show(one, one.used), show(one, one.reserved), limitOf(one)]),
        "Nothing is used, and nothing is limited.",
      )}
      <h2>Under way</h2>
      ${table(
        ["Issue", "State", "Role"],
        tasks.map(({ issue, state: at, role }) => [`#${issue}`, at, role]),
        "Nothing.",
      )}
      <p>${queued === 1 ? "1 task is" : `${queued} tasks are`} queued.</p>
      <h2>Pull requests without a live task</h2>
      ${table(
        ["Pull request", "Verdict", "Head since"],
        found.pulls.map(({ number, verdict, since }) => [`#${number}`, verdict, clock(since, now)]),
        "None is open.",
      )}`;
  return page(product, { title: name, json: `/operator.json/${name}`, content });
}

const BREAKER_WORDS: Readonly<Record<RepositoryOperation["breakers"][number]["state"], string>> = {
  closed: "✓ closed",
  open: "⛔ open",
  due: "⏳ probe is next",
  probing: "🔄 probing",
};

const SESSION_WORDS: Readonly<Record<RepositoryOperation["sessions"][number]["state"], string>> = {
  open: "▶️ open",
  ending: "⏳ takes nothing more",
  over: "⏸️ over, holds tasks back",
};

function mark(count: number): string {
  return count === 0 ? "–" : `⛔ ${count}`;
}

function show({ unit }: Budget, amount: number): string {
  return unit === "usd" ? `$${amount.toFixed(2)}` : `${amount.toFixed(1)} min`;
}

function limitOf(budget: Budget): string {
  return budget.limit === null ? "none" : show(budget, budget.limit);
}

type Cell = string | ReturnType<typeof html>;

function table(header: readonly string[], rows: readonly (readonly Cell[])[], nothing: string) {
  if (rows.length === 0) return html`<p class="version">${nothing}</p>`;
  return html`<div class="wide"><table>
        <thead><tr>${header.map((one) => html`<th scope="col">${one}</th>`)}</tr></thead>
        <tbody>${rows.map((cells) => html`<tr>${cells.map((one) => html`<td>${one}</td>`)}</tr>`)}</tbody>
      </table></div>`;
}

function page(
  product: string,
  { title, json, content }: { readonly title: string; readonly json: string; readonly content: Cell },
) {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title} – ${product}</title>
    <link rel="stylesheet" href="/style.css">
  </head>
  <body>
    <header><h1>${title}</h1></header>
    <main>${content}</main>
    <footer><a href="${json}">The same as JSON</a></footer>
  </body>
</html>
`;
}
