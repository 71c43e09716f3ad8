import { organisationCheckOutput } from "../../messages/config/organisation.ts";
import { ORGANISATION_CHECK, ORGANISATION_REPOSITORY } from "../../organisation/view-organisation.ts";
import type { Draft } from "../draft.ts";
import type { RepositoryView } from "./repository-view.ts";

/**
 * Takes the owner's file as it was just read: says so in the audit and, in the repository that it is in, in a check. Answers
 * whether it is another one than before, or not what it was worth before.
 */
export function takeOrganisation(draft: Draft, { organisation: before }: RepositoryView): boolean {
  const { organisation: now, facts, record } = draft.view;
  const isOther = before?.text !== now?.text || before?.problems.length !== now?.problems.length;
  if (isOther) draft.audit("organisation.taken", { data: { mode: describeMode(now) } });
  const isItsOwn = record.repo.name.toLowerCase() === ORGANISATION_REPOSITORY;
  if (isOther && isItsOwn && now !== null && facts !== null) {
    draft.project(
      `organisation-check:${facts.sha}`,
      { kind: "check", sha: facts.sha, name: ORGANISATION_CHECK, ...organisationCheckOutput(now) },
      { subject: "config", taskId: null },
    );
  }
  return isOther;
}

function describeMode(now: RepositoryView["organisation"]): string {
  if (now === null) return "none";
  if (now.text === null) return "never valid";
  return now.problems.length > 0 ? "last valid" : "valid";
}
