import type { EventOf } from "../../events.ts";
import { explainMessage, overrideHint } from "../../messages/verdict-notes.ts";
import { hasPermission } from "../../repo.ts";
import type { Draft } from "../draft.ts";
import { type Standing, standingsOf } from "../verdict/standings.ts";
import { isForeignBot } from "./plan-intake.ts";

type CheckAction = EventOf<"check.action">;

interface Row {
  readonly permission: "read" | "write";
  readonly plan: (draft: Draft, event: CheckAction, standing: Standing) => void;
}

/** The buttons of the check that carries a verdict, and who may press them. */
const ROWS: Readonly<Record<CheckAction["action"], Row>> = {
  rerun: { permission: "write", plan: askAgain },
  explain: {
    permission: "read",
    plan: (draft, { sha }, { subject, verdict, waitingFor }) =>
      note(draft, subject.number, explainMessage({ sha, subject, verdict, waitingFor })),
  },
  override: {
    permission: "write",
    plan: (draft, { sha, sender }, { subject, verdict }) =>
      note(draft, subject.number, overrideHint({ sha, login: sender.login, verdict })),
  },
};

/** Somebody pressed a button of a verdict's check (F158). Nothing is decided by a button alone: an override needs a reason. */
export function planCheckAction(draft: Draft, event: CheckAction): void {
  const row = ROWS[event.action];
  const standings = standingsOf(draft, event.sha);
  if (isForeignBot(draft, event.sender))
    return draft.conclude("ignored", "pressed by a bot that is not allowed");
  if (standings.length === 0)
    return draft.conclude("ignored", "the commit is not the head of anything any more");
  const permission = draft.gathered.permission ?? "none";
  const isAllowed = hasPermission(permission, row.permission);
  draft.audit("check.action", {
    actor: event.sender.login,
    data: { action: event.action, sha: event.sha, permission, allowed: isAllowed },
  });
  if (!isAllowed) return draft.conclude("ignored", `the button needs ${row.permission}, not ${permission}`);
  draft.conclude("processed", `button ${event.action}`);
  for (const standing of standings) row.plan(draft, event, standing);
}

function askAgain(draft: Draft, { sha, sender }: CheckAction, { subject }: Standing): void {
  if (subject.kind === "group") draft.emit({ kind: "group.changed", repo: draft.repo, sha });
  else
    draft.emit({
      kind: "pull.changed",
      repo: draft.repo,
      pull: subject.number,
      action: "rerequested",
      sender,
    });
}

/** One comment for each pull request however often the buttons are pressed; GitHub gives a button no way to answer. */
function note(draft: Draft, number: number, body: string): void {
  draft.project(
    `verdict-note:${number}`,
    { kind: "comment", issue: number, body },
    { subject: `verdict-note:${number}`, taskId: null },
  );
}
