import { html } from "hono/html";
import type { CommitStatus, Conclusion, Issue, Pull } from "../../world/records.ts";
import { type IconName, renderIcon } from "../frame/icon.ts";
import type { Html } from "../frame/visit.ts";

/** How something stands: in words, as an icon and as a colour. */
export interface Standing {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: "good" | "bad" | "warn" | "done" | "calm";
}

const CONCLUSIONS: Readonly<Record<Conclusion, Standing>> = {
  success: { word: "Success", icon: "done", tone: "good" },
  failure: { word: "Failure", icon: "failed", tone: "bad" },
  startup_failure: { word: "Failed to start", icon: "failed", tone: "bad" },
  timed_out: { word: "Timed out", icon: "late", tone: "bad" },
  action_required: { word: "Action required", icon: "needed", tone: "warn" },
  cancelled: { word: "Cancelled", icon: "stopped", tone: "calm" },
  skipped: { word: "Skipped", icon: "skipped", tone: "calm" },
  neutral: { word: "Neutral", icon: "neutral", tone: "calm" },
  stale: { word: "Stale", icon: "late", tone: "calm" },
};

const UNDER_WAY: Readonly<Record<string, Standing>> = {
  in_progress: { word: "In progress", icon: "running", tone: "warn" },
  waiting: { word: "Waiting", icon: "late", tone: "warn" },
};
const QUEUED: Standing = { word: "Queued", icon: "open", tone: "warn" };

/** How a check, run, job or step stands. */
export function standingOf({
  status,
  conclusion,
}: {
  readonly status: string;
  readonly conclusion: Conclusion | null;
}): Standing {
  return conclusion === null ? (UNDER_WAY[status] ?? QUEUED) : CONCLUSIONS[conclusion];
}

export const STATUS_STANDINGS: Readonly<Record<CommitStatus["state"], Standing>> = {
  success: CONCLUSIONS.success,
  failure: CONCLUSIONS.failure,
  error: { word: "Error", icon: "failed", tone: "bad" },
  pending: { word: "Pending", icon: "open", tone: "warn" },
};

/** The one standing of many: something bad, else something still open, else something good; undefined for none. */
export function sumStandings(standings: readonly Standing[]): Standing | undefined {
  const worst = (["bad", "warn", "good"] as const).map((tone) => standings.find((one) => one.tone === tone));
  return worst.find((one) => one !== undefined) ?? standings[0];
}

/** How an issue or a pull request stands. */
export function issueStanding(issue: Issue, pull: Pull | undefined): Standing {
  if (pull?.merged) return { word: "Merged", icon: "merged", tone: "done" };
  if (issue.state === "closed") return closedStanding(issue);
  if (pull?.draft) return { word: "Draft", icon: "pull", tone: "calm" };
  return { word: "Open", icon: issue.isPull ? "pull" : "open", tone: "good" };
}

const CLOSED_WORDS: Readonly<Record<string, Standing>> = {
  not_planned: { word: "Closed as not planned", icon: "skipped", tone: "calm" },
  duplicate: { word: "Closed as duplicate", icon: "skipped", tone: "calm" },
};

function closedStanding(issue: Issue): Standing {
  if (issue.isPull) return { word: "Closed", icon: "pull", tone: "bad" };
  return CLOSED_WORDS[issue.stateReason ?? ""] ?? { word: "Closed", icon: "done", tone: "done" };
}

/** The icon in its colour, with the word for those who do not see it. */
export function renderMark({ word, icon, tone }: Standing): Html {
  return html`<span class="mark tone-${tone}" title="${word}">${renderIcon(icon)}<span class="unseen">${word}</span></span>`;
}

/** Icon and word in a filled badge. */
export function renderBadge({ word, icon, tone }: Standing): Html {
  return html`<span class="badge fill-${tone}">${renderIcon(icon)}${word}</span>`;
}
