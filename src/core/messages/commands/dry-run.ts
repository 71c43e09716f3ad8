import type { Action, Effect } from "../../effects.ts";
import type { Event } from "../../events.ts";
import { code, paragraphs, table } from "../text.ts";
import { startOf } from "./reply.ts";

/** One thing that a command would change. */
export interface Change {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/** Says what a command would do; the words come first, so that nobody takes the rest for done. */
export function dryRunMessage(facts: {
  readonly answer: string;
  readonly changes: readonly Change[];
}): string {
  const rows = facts.changes.map(({ what, before, after }) => [what, before, after]);
  return paragraphs(
    "🧪 Dry run – nothing was changed",
    rows.length === 0 ? "It would change nothing." : table(["What", "Now", "Then"], rows),
    `It would answer:${startOf(facts.answer)}`,
  );
}

type Describe<K extends Action["kind"]> = (action: Extract<Action, { kind: K }>) => string;

const ACTIONS: { readonly [K in Action["kind"]]: Describe<K> } = {
  dispatch: ({ workflow, ref }) => `dispatch ${code(workflow)} on ${code(ref)}`,
  "cancel-run": ({ runId }) => `cancel run ${runId}`,
  publish: ({ branch }) => `write ${code(branch)} and its pull request`,
  merge: ({ pull }) => `merge pull request #${pull}`,
  revert: ({ pull }) => `open a pull request that takes back #${pull}`,
  "open-issue": ({ title }) => `open the issue ${code(title)}`,
  "close-issue": ({ issue }) => `close issue #${issue}`,
  "close-pull": ({ pull }) => `close pull request #${pull}`,
  reply: ({ issue }) => `comment on #${issue}`,
  react: ({ target, content }) => `react to the ${target.kind} with ${content}`,
};

export function describeEffect(effect: Effect): string {
  return effect.sort === "projection" ? `show ${effect.projection.kind}` : describeAction(effect.action);
}

function describeAction<K extends Action["kind"]>(action: Extract<Action, { kind: K }>): string {
  const describe: Describe<K> = ACTIONS[action.kind as K];
  return describe(action);
}

/** Commands cause two events; others would be named as they are. */
export function describeEvent(event: Event): string {
  if (event.kind === "pull.changed") return `look at pull request #${event.pull} again`;
  if (event.kind === "report.due") return `write the report of ${event.week}`;
  return event.kind;
}
