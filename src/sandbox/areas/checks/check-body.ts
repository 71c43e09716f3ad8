import {
  invalidRequest,
  isRecord,
  optionalChoice,
  optionalText,
  requiredText,
} from "../../http/body-fields.ts";
import type { CheckRun, Conclusion } from "../../world/records.ts";
import type { CheckRunChange } from "./check-records.ts";

type Body = Readonly<Record<string, unknown>>;

const STATUSES = ["queued", "in_progress", "completed"] as const;
/** GitHub alone marks checks as stale. */
const CONCLUSIONS = [
  "action_required",
  "cancelled",
  "failure",
  "neutral",
  "success",
  "skipped",
  "timed_out",
] as const satisfies readonly Conclusion[];
const LEVELS = ["notice", "warning", "failure"] as const;
const MAX_ANNOTATIONS = 50;
const MAX_ACTIONS = 3;
const MAX_TEXT = 65_535;
const MAX_MESSAGE = 64 * 1024;

/** What the body of `POST` or `PATCH check-runs` says of a run, every part checked. */
export function readCheckChange(body: Body, { isNew }: { readonly isNew: boolean }): CheckRunChange {
  const status = optionalChoice(body, "status", STATUSES);
  const conclusion = optionalChoice(body, "conclusion", CONCLUSIONS);
  if (status === "completed" && conclusion === undefined) {
    throw invalidRequest(
      'No subschema in "anyOf" matched.\n"conclusion" wasn\'t supplied.\ncompleted is not a member of ["queued", "in_progress"].',
    );
  }
  const output = isRecord(body.output) ? body.output : undefined;
  return {
    status,
    conclusion,
    externalId: optionalText(body, "external_id"),
    detailsUrl: optionalText(body, "details_url"),
    startedAt: readDate(body, "started_at"),
    completedAt: readDate(body, "completed_at"),
    output: output && readOutput(output, { isNew }),
    annotations: output && readAnnotations(output),
    actions: readActions(body),
  };
}

function readOutput(output: Body, { isNew }: { readonly isNew: boolean }): Partial<CheckRun["output"]> {
  const title = isNew ? requiredText(output, "title") : optionalText(output, "title");
  const text = optionalText(output, "text");
  return {
    summary: limited(requiredText(output, "summary"), MAX_TEXT),
    ...(title !== undefined && { title }),
    ...(text !== undefined && { text: limited(text, MAX_TEXT) }),
  };
}

function readAnnotations(output: Body): readonly Record<string, unknown>[] {
  return readList(output, "annotations", MAX_ANNOTATIONS).map(checkAnnotation);
}

function checkAnnotation(annotation: Body): Record<string, unknown> {
  limited(requiredText(annotation, "path"), MAX_MESSAGE);
  limited(requiredText(annotation, "message"), MAX_MESSAGE);
  limited(optionalText(annotation, "title") ?? "", 255);
  limited(optionalText(annotation, "raw_details") ?? "", MAX_MESSAGE);
  if (optionalChoice(annotation, "annotation_level", LEVELS) === undefined) {
    throw invalidRequest('"annotation_level" wasn\'t supplied.');
  }
  const [start, end] = [lineOf(annotation, "start_line"), lineOf(annotation, "end_line")];
  const hasColumns = annotation.start_column !== undefined || annotation.end_column !== undefined;
  if (hasColumns && start !== end) {
    throw invalidRequest("Columns are only allowed when start_line and end_line are equal.");
  }
  return { ...annotation };
}

function lineOf(annotation: Body, field: string): number {
  const line = annotation[field];
  if (typeof line !== "number" || !Number.isInteger(line))
    throw invalidRequest(`"${field}" wasn't supplied.`);
  return line;
}

function readActions(body: Body): CheckRun["actions"] | undefined {
  if (body.actions === undefined) return undefined;
  return readList(body, "actions", MAX_ACTIONS).map((action) => ({
    label: limited(requiredText(action, "label"), 20),
    description: limited(requiredText(action, "description"), 40),
    identifier: limited(requiredText(action, "identifier"), 20),
  }));
}

function readList(body: Body, field: string, max: number): readonly Body[] {
  const list: unknown = body[field] ?? [];
  if (!Array.isArray(list) || !list.every(isRecord))
    throw invalidRequest(`"${field}" is not a list of objects.`);
  if (list.length > max) {
    throw invalidRequest(`No more than ${max} items are allowed; ${list.length} were supplied.`);
  }
  return list;
}

function limited(text: string, max: number): string {
  if (text.length <= max) return text;
  throw invalidRequest(`Only ${max} characters are allowed; ${text.length} were supplied.`);
}

function readDate(body: Body, field: string): Date | undefined {
  const text = optionalText(body, field);
  if (text === undefined) return undefined;
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw invalidRequest(`${text} is not a valid date-time.`);
  return date;
}
