import type { Event } from "../core/events.ts";
import { ORGANISATION_REPOSITORY } from "../core/organisation/view-organisation.ts";
import type { Gathered } from "../core/plan/gathered.ts";
import type { Snapshot } from "../core/plan/snapshot.ts";
import type { Inbox } from "../ports/inbox.ts";
import type { Ledger } from "../ports/ledger.ts";

/** What was read for an event. */
interface Reading {
  readonly snapshot: Snapshot;
  readonly gathered: Gathered;
}

/**
 * The owner's file changed in its own repository: every other repository of the owner reads it now. Done before the event is
 * settled, so that a kill in between tells them twice rather than never; reading twice changes nothing.
 */
export async function tellRepositories(
  { repo }: Event,
  { snapshot, gathered }: Reading,
  { ledger, inbox }: { readonly ledger: Ledger; readonly inbox: Pick<Inbox, "send"> },
): Promise<void> {
  const before = snapshot.repository.stored.facts?.organisation;
  const now = gathered.facts?.organisation;
  const isItsOwn = repo.name.toLowerCase() === ORGANISATION_REPOSITORY;
  if (!isItsOwn || now === undefined || before?.text === now.text) return;
  const owner = now.owner.toLowerCase();
  for (const { repo: other, status } of await ledger.repositories()) {
    if (other.id === repo.id || other.owner.toLowerCase() !== owner || status !== "active") continue;
    await inbox.send({ kind: "repository.changed", repo: other }, `organisation:${other.id}`);
  }
}
