import type { Event } from "../../core/events.ts";
import { checkRunRow, checkSuiteRow, statusRow, workflowRunRow } from "./webhooks/check-rows.ts";
import { mergeGroupRow } from "./webhooks/group-rows.ts";
import { issueCommentRow, issuesRow } from "./webhooks/issue-rows.ts";
import { lineCommentRow, pullRequestRow, pullReviewRow } from "./webhooks/pull-rows.ts";
import {
  installationRepositoriesRow,
  installationRow,
  labelRow,
  pushRow,
  repositoryRow,
} from "./webhooks/repository-rows.ts";
import type { OwnIds, WebhookRow } from "./webhooks/webhook-row.ts";

/** Every webhook the app listens to and what it becomes. */
export const WEBHOOK_ROWS: readonly WebhookRow[] = [
  issuesRow,
  issueCommentRow,
  pullRequestRow,
  pullReviewRow,
  lineCommentRow,
  mergeGroupRow,
  checkRunRow,
  checkSuiteRow,
  statusRow,
  workflowRunRow,
  pushRow,
  repositoryRow,
  labelRow,
  installationRow,
  installationRepositoriesRow,
];

// A map, since the name comes from outside and `__proto__` is a name too.
const rowByEvent: ReadonlyMap<string, WebhookRow> = new Map(WEBHOOK_ROWS.map((row) => [row.event, row]));

/** What a delivery means; several events when it speaks of several repositories. */
export interface TranslatedDelivery {
  readonly events: readonly Event[];
  /** Why there is no event; null when there is one. */
  readonly ignored: string | null;
  readonly repoId: number | null;
  readonly action: string | null;
}

/** Turns a verified delivery into the product's own words; never throws, whatever the payload is. */
export function translate(name: string, payload: unknown, own: OwnIds): TranslatedDelivery {
  const action = readString(payload, "action");
  const outcome = translateByRow(rowByEvent.get(name), { payload, action, own });
  const events = typeof outcome === "string" ? [] : outcome;
  return {
    events,
    ignored: typeof outcome === "string" ? outcome : null,
    repoId: events[0]?.repo.id ?? readRepoId(payload),
    action,
  };
}

/** Whether a delivery under this name can matter, so that it is worth asking for again. */
export function isKnownEvent(name: string): boolean {
  return rowByEvent.has(name);
}

function translateByRow(
  row: WebhookRow | undefined,
  { payload, action, own }: { payload: unknown; action: string | null; own: OwnIds },
) {
  if (!row) return "event is not used";
  if (row.actions && !row.actions.includes(action ?? "")) return "action is not used";
  return row.translate(payload, own);
}

function readField(value: unknown, field: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, field)) return undefined;
  return Object.entries(value).find(([name]) => name === field)?.[1];
}

function readString(payload: unknown, field: string): string | null {
  const value = readField(payload, field);
  return typeof value === "string" ? value.slice(0, 100) : null;
}

function readRepoId(payload: unknown): number | null {
  const id = readField(readField(payload, "repository"), "id");
  return typeof id === "number" ? id : null;
}
