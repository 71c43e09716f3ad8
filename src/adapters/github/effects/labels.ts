import type { Projection } from "../../../core/effects.ts";
import { isFailure, orUndefined } from "../client/github-problem.ts";
import { createEffectRow, done, type EffectContext, type Performed } from "./effect-row.ts";

type LabelsProjection = Extract<Projection, { kind: "labels" }>;

const MAX_PAGES = 5;
const PLAIN_LOOK = { color: "ededed", description: "" };

export const labelsRow = createEffectRow("labels", { content: false, perform: projectLabels });

/** Adds what is missing and takes away what is too much among the labels with the prefix; all others are people's. */
async function projectLabels(
  context: EffectContext,
  { issue, prefix, labels }: LabelsProjection,
): Promise<Performed> {
  const present = (await listLabels(context, issue)).filter((name) => startsWith(name, prefix));
  const missing = labels.filter((label) => !includes(present, label));
  const surplus = present.filter((name) => !includes(labels, name));
  for (const label of missing) await ensureLabel(context, label);
  if (missing.length > 0) {
    await context.api.write("POST /repos/{owner}/{repo}/issues/{issue_number}/labels", {
      issue_number: issue,
      labels: missing,
    });
  }
  for (const name of surplus) await removeLabel(context, issue, name);
  return done();
}

async function listLabels(context: EffectContext, issue: number): Promise<readonly string[]> {
  const route = "GET /repos/{owner}/{repo}/issues/{issue_number}/labels";
  const names: string[] = [];
  for await (const page of context.api.pages(route, { issue_number: issue }, MAX_PAGES)) {
    names.push(...page.map((label) => label.name));
  }
  return names;
}

/** GitHub would make the label by itself, but grey and without a word. */
export async function ensureLabel(context: EffectContext, name: string): Promise<void> {
  const known = await orUndefined(
    context.api.read("GET /repos/{owner}/{repo}/labels/{name}", { name }, { remember: true }),
  );
  if (known) return;
  const look = context.labelLooks[name] ?? PLAIN_LOOK;
  try {
    await context.api.write("POST /repos/{owner}/{repo}/labels", { name, ...look });
  } catch (error) {
    // Somebody made it in between.
    if (!isFailure(error, "refused") || error.failure.status !== 422) throw error;
  }
}

async function removeLabel(context: EffectContext, issue: number, name: string): Promise<void> {
  const route = "DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}";
  await orUndefined(context.api.write(route, { issue_number: issue, name }));
}

/** Labels are one whatever their case. */
function includes(names: readonly string[], wanted: string): boolean {
  return names.some((name) => name.toLowerCase() === wanted.toLowerCase());
}

function startsWith(name: string, prefix: string): boolean {
  return name.toLowerCase().startsWith(prefix.toLowerCase());
}
