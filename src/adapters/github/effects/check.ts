import type { Annotation, CheckButton, Projection } from "../../../core/effects.ts";
import { orUndefined } from "../client/github-problem.ts";
import { cutMarkdown, cutText, MAX_CHECK_CHARACTERS } from "../cut-markdown.ts";
import { createEffectRow, done, type EffectContext, type Performed } from "./effect-row.ts";

type CheckProjection = Extract<Projection, { kind: "check" }>;

const BATCH = 50;
const MAX_PAGES = 20;
const MAX_TITLE_CHARACTERS = 255;
const MAX_MESSAGE_CHARACTERS = 16_384;
const MAX_BUTTONS = 3;
const MAX_LABEL_CHARACTERS = 20;
const MAX_DESCRIPTION_CHARACTERS = 40;

export const checkRow = createEffectRow("check", { content: false, perform: projectCheck });

/** Found again by GitHub's id, or by the key it carries as external id; never by its name alone, which anybody may use. */
async function projectCheck(context: EffectContext, check: CheckProjection): Promise<Performed> {
  const knownId = context.remoteId === null ? undefined : Number(context.remoteId);
  if (knownId !== undefined && (await updateCheck(context, knownId, check))) return done({}, knownId);
  // One that GitHub dropped may have been made anew by a try whose answer was lost.
  const foundId = await findCheck(context, check);
  if (foundId !== undefined && (await updateCheck(context, foundId, check))) return done({}, foundId);
  const [first = [], ...rest] = batch(check.annotations);
  const { data } = await context.api.write("POST /repos/{owner}/{repo}/check-runs", {
    head_sha: check.sha,
    external_id: context.key,
    ...describeCheck(check, first),
  });
  const id = Number(data.id);
  for (const annotations of rest) await patchCheck(context, id, describeCheck(check, annotations));
  return done({}, id);
}

async function findCheck(context: EffectContext, check: CheckProjection): Promise<number | undefined> {
  if (!context.mayHaveHappened) return undefined;
  const pages = context.api.pages(
    "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
    { ref: check.sha, check_name: check.name, app_id: context.appId, filter: "all" },
    MAX_PAGES,
  );
  for await (const page of pages) {
    const found = page.check_runs.find(
      (run) => run.external_id === context.key && Number(run.app?.id) === context.appId,
    );
    if (found) return Number(found.id);
  }
  return undefined;
}

/** False when GitHub has dropped it. Annotations are only ever added to, so those that are there are not sent again. */
async function updateCheck(context: EffectContext, id: number, check: CheckProjection): Promise<boolean> {
  const missing =
    check.annotations.length === 0 ? [] : await orUndefined(listMissing(context, id, check.annotations));
  if (missing === undefined) return false;
  const [first = [], ...rest] = batch(missing);
  const updated = await orUndefined(patchCheck(context, id, describeCheck(check, first)));
  if (updated === undefined) return false;
  for (const annotations of rest) await patchCheck(context, id, describeCheck(check, annotations));
  return true;
}

async function listMissing(
  context: EffectContext,
  id: number,
  wanted: readonly Annotation[],
): Promise<readonly Annotation[]> {
  const route = "GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations";
  const present = new Set<string>();
  for await (const page of context.api.pages(route, { check_run_id: id }, MAX_PAGES)) {
    for (const { path, start_line, end_line, message } of page) {
      present.add(JSON.stringify([path, start_line, end_line, message]));
    }
  }
  return wanted.filter((annotation) => {
    const { path, start_line, end_line, message } = describeAnnotation(annotation);
    return !present.has(JSON.stringify([path, start_line, end_line, message]));
  });
}

function patchCheck(context: EffectContext, id: number, body: ReturnType<typeof describeCheck>) {
  const route = "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}";
  return context.api.write(route, { check_run_id: id, ...body });
}

function describeCheck(check: CheckProjection, annotations: readonly Annotation[]) {
  const { title, summary, text } = check.output;
  return {
    name: check.name,
    // A completed check needs a conclusion, and one without a meaning must not look like a pass.
    ...(check.status === "completed"
      ? { status: "completed" as const, conclusion: check.conclusion ?? ("action_required" as const) }
      : { status: "in_progress" as const }),
    output: {
      title: cutText(title, MAX_TITLE_CHARACTERS),
      summary: cutMarkdown(summary, MAX_CHECK_CHARACTERS),
      ...(text !== undefined && { text: cutMarkdown(text, MAX_CHECK_CHARACTERS) }),
      ...(annotations.length > 0 && { annotations: annotations.map(describeAnnotation) }),
    },
    // Said always: what is not said stays as it was.
    actions: (check.buttons ?? []).slice(0, MAX_BUTTONS).map(describeButton),
  };
}

function describeButton({ label, identifier, description }: CheckButton) {
  return {
    label: cutText(label, MAX_LABEL_CHARACTERS),
    // Cut, it would name another button; GitHub refuses one that is too long.
    identifier,
    description: cutText(description, MAX_DESCRIPTION_CHARACTERS),
  };
}

function describeAnnotation(annotation: Annotation) {
  return {
    path: annotation.path,
    start_line: annotation.startLine,
    end_line: annotation.endLine,
    annotation_level: annotation.level,
    message: cutText(annotation.message, MAX_MESSAGE_CHARACTERS),
  };
}

function batch<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / BATCH) }, (_, index) =>
    items.slice(index * BATCH, (index + 1) * BATCH),
  );
}
