import type { RepositoryRecord } from "../../../src/core/plan/repository/repository.ts";
import type { Snapshot } from "../../../src/core/plan/snapshot.ts";
import { buildConfigText, buildRepository, buildSnapshot } from "../../support/build-snapshot.ts";

/** A repository of an owner with this file; `good` is the last valid one, and the file itself where it is left out. */
export function repositoryUnder(
  text: string | null,
  { good = text, configText }: { readonly good?: string | null; readonly configText?: string } = {},
): RepositoryRecord {
  const record = buildRepository(configText === undefined ? {} : { configText });
  const { stored } = record;
  return {
    ...record,
    stored: {
      ...stored,
      facts: stored.facts && { ...stored.facts, organisation: { owner: "acme", text } },
      ...(good !== null && { goodOrganisation: { owner: "acme", text: good } }),
    },
  };
}

export const GOVERNED: RepositoryRecord = buildRepository({
  configText: buildConfigText({ lines: ["governed: true"] }),
});

/** A governed repository with nothing under way. */
export function governedWith(overrides: Partial<Snapshot> = {}): Snapshot {
  return buildSnapshot({ repository: GOVERNED, ...overrides });
}
