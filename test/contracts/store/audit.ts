import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import type { AuditEntry } from "../../../src/core/audit/audit-entry.ts";
import { makeRepo, START } from "../../support/store.ts";
import type { StoreSuite } from "./store-suite.ts";

function entries(count: number): readonly AuditEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: "decision",
    actor: "orchestrator",
    taskId: null,
    at: START + index,
    data: { index, text: `ü\0 ${index}`, ratio: index / 3, none: null },
  }));
}

/** What somebody with access to the database may try; each must show at the row it touched. */
const TAMPERING = [
  {
    what: "a changed entry",
    statement: (id: number) => sql`update audit set actor = 'mallory' where repo_id = ${id} and seq = 4`,
    seq: 4,
  },
  {
    what: "changed data",
    statement: (id: number) =>
      sql`update audit set data = data || '{"index": 99}' where repo_id = ${id} and seq = 4`,
    seq: 4,
  },
  {
    what: "a deleted row",
    statement: (id: number) => sql`delete from audit where repo_id = ${id} and seq = 4`,
    seq: 4,
  },
  {
    what: "an inserted row",
    statement: (id: number) => sql`insert into audit (repo_id, seq, prev_hash, hash, at, kind, actor, data)
      select repo_id, 11, hash, 'f00d', at, kind, actor, data from audit where repo_id = ${id} and seq = 10`,
    seq: 11,
  },
  {
    what: "two rows in another order",
    statement: (id: number) => sql`update audit set data = (
        select other.data from audit as other where other.repo_id = ${id} and other.seq = 9 - audit.seq
      ) where repo_id = ${id} and seq in (4, 5)`,
    seq: 4,
  },
  {
    what: "a cut-off end",
    statement: (id: number) => sql`delete from audit where repo_id = ${id} and seq > 7`,
    seq: 8,
  },
];

export function describeAudit(suite: StoreSuite): void {
  const tamper = async (statement: ReturnType<typeof sql>) => {
    await suite.harness().query(sql`alter table audit disable trigger all`);
    await suite.harness().query(statement);
    await suite.harness().query(sql`alter table audit enable trigger all`);
  };

  describe("audit", () => {
    it("gives back what was written, newest first, in an intact chain", async () => {
      const repo = makeRepo();
      await suite.store().audit.append(repo.id, entries(3));

      const rows = await suite.store().audit.read(repo.id, { limit: 2 });

      expect(rows.map((row) => [row.seq, row.entry.data.index])).toEqual([
        [3, 2],
        [2, 1],
      ]);
      expect(rows[0]?.previousHash).toBe(rows[1]?.hash);
      expect(await suite.store().audit.verify(repo.id)).toBeNull();
    });

    it("keeps one order when many write to a chain at once", async () => {
      const repo = makeRepo();

      await Promise.all(entries(30).map((entry) => suite.store().audit.append(repo.id, [entry])));

      const rows = await suite.store().audit.read(repo.id, { limit: 100 });
      expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 30 }, (_, index) => 30 - index));
      expect(await suite.store().audit.verify(repo.id)).toBeNull();
    });

    it.each(TAMPERING)("finds $what", async ({ statement, seq }) => {
      const repo = makeRepo();
      await suite.store().audit.append(repo.id, entries(10));

      await tamper(statement(repo.id));

      expect(await suite.store().audit.verify(repo.id)).toMatchObject({ repoId: repo.id, seq });
      expect(await suite.store().audit.verify()).not.toBeNull();
      await tamper(sql`delete from audit where repo_id = ${repo.id}`);
      await suite.harness().query(sql`delete from audit_heads where repo_id = ${repo.id}`);
    });

    it("finds a cut-off end by its anchor when the head was moved back with it", async () => {
      const repo = makeRepo();
      await suite.store().audit.append(repo.id, entries(10));
      const anchors = await suite.store().audit.heads();

      await tamper(sql`delete from audit where repo_id = ${repo.id} and seq > 7`);
      await suite.harness().query(sql`update audit_heads set seq = 7, hash = (
        select hash from audit where repo_id = ${repo.id} and seq = 7) where repo_id = ${repo.id}`);

      expect(await suite.store().audit.verify(repo.id)).toBeNull();
      expect(await suite.store().audit.verify(repo.id, anchors)).toMatchObject({ seq: 8 });
    });

    it.each(["update audit set actor = 'x'", "delete from audit", "truncate audit"])(
      "refuses %s",
      async (statement) => {
        await suite.store().audit.append(makeRepo().id, entries(1));

        await expect(suite.harness().query(sql.raw(statement))).rejects.toThrow(/append-only/);
      },
    );
  });
}
