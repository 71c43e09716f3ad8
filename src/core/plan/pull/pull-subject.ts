import type { Config } from "../../config/config.ts";
import type { PullNow } from "../../facts.ts";
import type { GateSubject } from "../../gate/gate-rule.ts";
import type { Pull } from "../../pull/pull.ts";
import type { Task, TaskPull } from "../../task/task.ts";
import { autonomyFor } from "../autonomy-for.ts";
import type { Draft } from "../draft.ts";
import { branchPrefixOf, kindOf } from "../repository/repository-view.ts";

/** What the gates of a task's pull request see. */
export function taskSubject(
  draft: Draft,
  task: Task,
  { pull, known, config }: { readonly pull: PullNow; readonly known: TaskPull; readonly config: Config },
): GateSubject {
  const needed = autonomyFor(config, task, pull) === "merge-with-approval" ? config.gates.approvals : 0;
  return {
    ...shared(draft, config),
    pull,
    work: {
      task,
      publishedSha: known.headSha,
      branchPrefix: branchPrefixOf(config, task, known.branch),
      baseRef: known.baseRef,
      isDocumentation: asksForDocuments(config, task),
    },
    queued: null,
    requester: task.requestedBy,
    pusher: null,
    approvals: { needed, given: known.approvals },
    overrides: known.overrides,
    elsewhereUntil: 0,
    headSince: known.headSince,
  };
}

/** Labels by which people commonly say that documents are what they want. */
const DOCUMENT_LABELS: ReadonlySet<string> = new Set(["documentation", "docs"]);

function asksForDocuments(config: Config, { kind, labels }: Task): boolean {
  const isLabelled = labels.some((label) => DOCUMENT_LABELS.has(label.toLowerCase()));
  return isLabelled || (kindOf(config, kind)?.documentation ?? false);
}

/** What the gates of a person's pull request or of a merge queue's commit see. */
export function pullSubject(
  draft: Draft,
  known: Pull,
  { pull, config, queued }: { readonly pull: PullNow; readonly config: Config } & Pick<GateSubject, "queued">,
): GateSubject {
  return {
    ...shared(draft, config),
    pull,
    work: null,
    queued,
    requester: known.requester,
    pusher: known.pusher ?? null,
    approvals: { needed: countNeeded(draft, known, { pull, config }), given: known.approvals },
    overrides: known.overrides,
    elsewhereUntil: known.elsewhereUntil ?? 0,
    headSince: known.headSince,
  };
}

/** What an agent left behind needs as many people as if its task were still there. */
function countNeeded(
  { own }: Draft,
  { requester }: Pull,
  { pull: { author, headRef }, config }: { readonly pull: PullNow; readonly config: Config },
): number {
  const { people, approvals } = config.gates;
  const isOurs = author.type === "Bot" && author.login === `${own.slug}[bot]`;
  if (!isOurs) return people.approvals;
  const needed = Math.max(people.approvals, approvals);
  // Who asked for a cancelled task is not known any more: one of those who approve may be that person.
  const isWork = Object.values(config.roles).some(({ branch }) => headRef.startsWith(branch));
  return requester.id === author.id && isWork ? needed + 1 : needed;
}

function shared(draft: Draft, config: Config) {
  return {
    repoId: draft.repo.id,
    config,
    defaultBranch: draft.view.facts?.branch ?? "",
    ownAppId: draft.own.appId,
    now: draft.now,
  };
}
