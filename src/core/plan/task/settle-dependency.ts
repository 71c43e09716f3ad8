import type { IssueOutcome } from "../../facts.ts";
import type { Draft } from "../draft.ts";

/** Tells queued tasks how an issue of this repository that they wait for stands. */
export function settleDependency(draft: Draft, issue: number, state: IssueOutcome): void {
  settleReference(draft, `${draft.repo.owner}/${draft.repo.name}#${issue}`, state);
}

/** Tells queued tasks how an issue of any repository stands, by its `owner/name#n`. */
export function settleReference(draft: Draft, reference: string, state: IssueOutcome): void {
  const ref = reference.toLowerCase();
  for (const task of draft.queuedTasks()) {
    if (!task.dependencies.some((known) => known.ref.toLowerCase() === ref && known.state !== state))
      continue;
    const dependencies = task.dependencies.map((known) =>
      known.ref.toLowerCase() === ref ? { ...known, state } : known,
    );
    draft.saveTask({ ...task, dependencies });
  }
}
