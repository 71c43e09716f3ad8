import { describe, expect, it } from "vitest";
import type { Event } from "../../src/core/events.ts";
import type { RepositoryRecord } from "../../src/core/plan/repository/repository.ts";
import { handleEvent } from "../../src/handlers/handle-event.ts";
import { repositoryUnder } from "../core/organisation/govern-with.ts";
import { OWN } from "../core/plan/plan-with.ts";
import { buildSnapshot, REPO } from "../support/build-snapshot.ts";
import { NOW } from "../support/build-task.ts";
import { fakeReaders } from "./fake-readers.ts";

const HOME = { ...REPO, id: 2000, name: ".github" };
const others: readonly RepositoryRecord[] = [
  { ...repositoryUnder(null), repo: HOME },
  repositoryUnder(null),
  { ...repositoryUnder(null), repo: { ...REPO, id: 2001, name: "left" }, status: "removed" },
  { ...repositoryUnder(null), repo: { ...REPO, id: 2002, owner: "elsewhere" } },
];

/** Which repositories hear of it when one of them is read with this file of its owner's. */
async function tellWith(before: string | null, text: string | null, repo = HOME): Promise<readonly number[]> {
  const record = { ...repositoryUnder(before), repo };
  const { facts } = repositoryUnder(text).stored;
  if (facts === null) throw new Error("nothing was read");
  const readers = fakeReaders({ snapshot: buildSnapshot({ repository: record }), facts });
  const sent: Event[] = [];
  await handleEvent(
    { id: "1", event: { kind: "repository.changed", repo }, retry: 0, isLastTry: false, lease: "token" },
    {
      ...readers,
      ledger: { ...readers.ledger, repositories: async () => others, settle: async () => undefined },
      inbox: { send: async (event) => void sent.push(event) },
      own: OWN,
      now: () => NOW,
    },
  );
  return sent.map((event) => event.repo.id);
}

describe("a change of the owner's file", () => {
  it("reaches every other repository of the owner that the app works in", async () => {
    expect(await tellWith(null, "version: 1\n")).toEqual([REPO.id]);
    expect(await tellWith("version: 1\n", null)).toEqual([REPO.id]);
  });

  it("is told by its own repository alone, and only when the file is another one", async () => {
    expect(await tellWith("version: 1\n", "version: 1\n")).toEqual([]);
    expect(await tellWith(null, "version: 1\n", REPO)).toEqual([]);
  });
});
