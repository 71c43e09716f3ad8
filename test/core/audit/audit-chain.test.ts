import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AuditEntry } from "../../../src/core/audit/audit-entry.ts";
import { EMPTY_CHAIN, type SealedEntry, sealEntries } from "../../../src/core/audit/seal-entry.ts";
import { verifyChain, verifyRows } from "../../../src/core/audit/verify-chain.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

function entry(index: number): AuditEntry {
  return {
    kind: "decision",
    actor: "ada",
    taskId: `t${index}`,
    at: 1000 + index,
    data: { index, deep: { a: [1] } },
  };
}

function chain(length: number): readonly SealedEntry[] {
  const entries = Array.from({ length }, (_, index) => entry(index));
  return sealEntries({ repoId: 7, head: EMPTY_CHAIN }, entries, sha256);
}

function check(rows: readonly SealedEntry[], anchor = { seq: 0, hash: "" }) {
  return verifyChain({ repoId: 7, rows, anchor }, sha256);
}

/** Every way to touch a chain of rows; each yields another list than the one that was sealed. */
const Tampering = fc.oneof(
  fc.record({
    how: fc.constant("mutate" as const),
    at: fc.nat(),
    field: fc.constantFrom("kind", "actor", "at", "data", "taskId"),
  }),
  fc.record({
    how: fc.constantFrom("delete" as const, "insert" as const, "swap" as const, "truncate" as const),
    at: fc.nat(),
    field: fc.constant(""),
  }),
);

function tamper(
  rows: readonly SealedEntry[],
  { how, at, field }: { how: string; at: number; field: string },
) {
  const index = at % (rows.length - 1);
  const row = rows[index];
  if (row === undefined) throw new Error("no such row");
  const changes: Record<string, readonly SealedEntry[]> = {
    mutate: rows.with(index, {
      ...row,
      entry: { ...row.entry, [field]: field === "at" ? -1 : field === "data" ? {} : "x" },
    }),
    delete: rows.toSpliced(index, 1),
    insert: rows.toSpliced(index, 0, row),
    swap: rows.with(index, rows[index + 1] ?? row).with(index + 1, row),
    truncate: rows.slice(0, index),
  };
  return changes[how] ?? rows;
}

describe("the audit chain", () => {
  it("is intact as it was sealed, and ends in its head", () => {
    const rows = chain(5);

    expect(check(rows)).toEqual({ kind: "intact", head: { seq: 5, hash: rows[4]?.hash } });
    expect(rows.map((row) => row.seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it("can be checked in pieces", () => {
    const rows = chain(6);
    const first = verifyRows(rows.slice(0, 4), EMPTY_CHAIN, sha256);
    if (first.kind !== "intact") throw new Error(first.at.why);

    expect(verifyRows(rows.slice(4), first.head, sha256).kind).toBe("intact");
  });

  it("is the same whatever the order of the keys in an entry", () => {
    const a = { ...entry(1), data: { x: 1, y: 2 } };
    const b = { data: { y: 2, x: 1 }, at: a.at, taskId: a.taskId, actor: a.actor, kind: a.kind };

    const [first] = sealEntries({ repoId: 7, head: EMPTY_CHAIN }, [a], sha256);
    const [second] = sealEntries({ repoId: 7, head: EMPTY_CHAIN }, [b], sha256);

    expect(second?.hash).toBe(first?.hash);
  });

  it("does not fit another repository", () => {
    const moved = chain(2).map((row) => ({ ...row, repoId: 8 }));

    expect(check(moved)).toMatchObject({ kind: "broken", at: { seq: 1 } });
  });

  it("finds a row that was changed together with its own hash", () => {
    const rows = chain(4);
    const [forged] = sealEntries(
      { repoId: 7, head: { seq: 1, hash: rows[0]?.hash ?? "" } },
      [entry(99)],
      sha256,
    );

    expect(check(rows.with(1, forged ?? rows[1]!))).toMatchObject({ kind: "broken", at: { seq: 3 } });
  });

  it("finds a cut-off end only by an anchor", () => {
    const rows = chain(5);
    const anchor = { seq: 5, hash: rows[4]?.hash ?? "" };

    expect(check(rows.slice(0, 3)).kind).toBe("intact");
    expect(check(rows.slice(0, 3), anchor)).toMatchObject({ kind: "broken", at: { seq: 4 } });
  });

  it("finds a chain that was written anew by an anchor", () => {
    const anchor = { seq: 2, hash: chain(2)[1]?.hash ?? "" };
    const anew = sealEntries({ repoId: 7, head: EMPTY_CHAIN }, [entry(7), entry(8), entry(9)], sha256);

    expect(check(anew, anchor)).toMatchObject({ kind: "broken", at: { seq: 2 } });
  });

  it("shows every mutation, deletion, insertion, exchange and cut, given its anchor", () => {
    const rows = chain(20);
    const anchor = { seq: 20, hash: rows[19]?.hash ?? "" };

    fc.assert(
      fc.property(Tampering, (how) => check(tamper(rows, how), anchor).kind === "broken"),
      { numRuns: 2000, seed: 11 },
    );
  });
});
