import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import type { Session } from "../../../src/core/session/session.ts";
import { buildEnded, buildSession } from "../../support/build-session.ts";
import { makeRepo } from "../../support/store.ts";
import type { StoreSuite } from "./store-suite.ts";

const NOTHING = { pausedBy: null, facts: null, goodConfig: null, goodRoadmap: null };

export function describeSessions(suite: StoreSuite): void {
  const keep = async (sessions: readonly Session[] | undefined, status: "active" | "removed" = "active") => {
    const repo = makeRepo();
    const stored = sessions === undefined ? NOTHING : { ...NOTHING, sessions };
    await suite.settle(repo, { repository: { repo, status, stored } });
    return repo;
  };
  const counted = async () => (await suite.store().ready()).sessions;

  describe("sessions", () => {
    it("are kept with their repository", async () => {
      const sessions = [
        buildEnded({ left: ["1001.42.1"] }),
        buildSession({ number: 2, team: "qa", idleSince: 5 }),
      ];
      const repo = await keep(sessions);

      const { repository } = await suite.store().ledger.snapshot(repo, { by: "nothing" }, 0);

      expect(repository.stored.sessions).toEqual(sessions);
    });

    it("are counted over all repositories: those that are not over, and those that hold something back", async () => {
      expect(await counted()).toEqual({ open: 0, resting: 0 });
      await keep(undefined);
      await keep([buildSession({ team: "qa" }), buildEnded({ number: 2, team: "dev" })]);
      await keep([buildEnded({ rests: false }), buildEnded({ number: 2, endedAt: null })]);
      await keep([buildSession()], "removed");

      expect(await counted()).toEqual({ open: 2, resting: 1 });
    });

    it("that nobody can read stop nothing", async () => {
      const repo = await keep(undefined);
      await sql`update repositories set stored = jsonb_set(stored, '{sessions}', '{"rests": true}')
        where id = ${repo.id}`.execute(suite.harness().engine.db);

      expect((await suite.store().ready()).ok).toBe(true);
    });
  });
}
