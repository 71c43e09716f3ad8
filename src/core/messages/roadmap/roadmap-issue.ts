import type { Acceptance } from "../../config/config.ts";
import type { RoadmapTask } from "../../roadmap/roadmap.ts";
import { code, inline, paragraphs } from "../text.ts";

const MAX_ITEMS = 30;

/** Title and text of the issue of a roadmap's task; `trigger` is the label that would start it, where nothing has. */
export function roadmapIssueText(
  task: RoadmapTask,
  trigger: string | null,
): { readonly title: string; readonly body: string } {
  const { requires, acceptance } = task;
  return {
    title: `${task.id}: ${task.title}`,
    body: paragraphs(
      `Task ${code(task.id)} of the roadmap: ${inline(task.title)}`,
      describeFacts(task),
      list("Deliverables", task.deliverables.map(asText)),
      list("Accepted when", [
        ...(acceptance?.metrics ?? []).map(describeAcceptance),
        ...(acceptance?.artifacts ?? []).map((name) => `the result has the artifact ${code(name)}`),
      ]),
      list("Needs", [
        ...requires.inputs.map(asText),
        ...requires.secrets.map((name) => `the secret ${code(name)}`),
        ...(task.designReview === undefined ? [] : [`the design in ${code(task.designReview)}`]),
      ]),
      trigger === null
        ? undefined
        : `Nothing happens by itself here: the autonomy ends at suggesting. The label ${code(trigger)}, by somebody with write access, starts the work.`,
    ),
  };
}

function asText(text: string): string {
  return inline(text, 500);
}

function describeFacts({ priority, phase, milestone, owner, supporting }: RoadmapTask): string {
  const helpers = supporting.map((name) => nameOf(name)).join(", ");
  return [
    `Priority ${priority}`,
    ...(phase === undefined ? [] : [`phase ${phase}`]),
    ...(milestone === undefined ? [] : [`milestone ${code(milestone)}`]),
    ...(owner === undefined ? [] : [`owner ${nameOf(owner)}`]),
    ...(helpers === "" ? [] : [`supported by ${helpers}`]),
  ].join(", ");
}

/** An owner that is written as an account is told; the roadmap is the default branch's own. */
function nameOf(owner: string): string {
  return /^@[A-Za-z0-9][A-Za-z0-9-]{0,38}(?:\/[A-Za-z0-9._-]{1,100})?$/.test(owner)
    ? owner
    : inline(owner, 100);
}

function describeAcceptance({ metric, where, min, max, above, below, minSamples }: Acceptance): string {
  const labels = Object.entries(where).map(([label, value]) => code(`${label}=${value}`));
  const bounds = [
    ...(min === undefined ? [] : [`at least ${min}`]),
    ...(max === undefined ? [] : [`at most ${max}`]),
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
    ...(minSamples === undefined ? [] : [`in ${minSamples} samples or more`]),
  ].join(", ");
  return `${code(metric)} is ${bounds}${labels.length === 0 ? "" : ` where ${labels.join(", ")}`}`;
}

function list(heading: string, items: readonly string[]): string | undefined {
  if (items.length === 0) return undefined;
  const rest = items.length > MAX_ITEMS ? [`- and ${items.length - MAX_ITEMS} more, in the roadmap`] : [];
  return [`**${heading}**`, "", ...items.slice(0, MAX_ITEMS).map((item) => `- ${item}`), ...rest].join("\n");
}
