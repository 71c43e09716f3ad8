import { describe, expect, it } from "vitest";
import { START } from "../../support/store.ts";
import type { StoreSuite } from "./store-suite.ts";

let lastInstallation = 0;

function nextInstallation(): number {
  lastInstallation += 1;
  return lastInstallation;
}

export function describeSmallStores(suite: StoreSuite): void {
  describe("marks", () => {
    it("gives back what was set last", async () => {
      const { marks } = suite.store();

      expect(await marks.get("cursor")).toBeNull();
      await marks.set("cursor", "1");
      await marks.set("cursor", "2\0");

      expect(await marks.get("cursor")).toBe("2\uFFFD");
    });

    it("says yes once for a key, whoever asks first", async () => {
      const answers = await Promise.all([1, 2, 3, 4].map(() => suite.store().marks.once("note")));

      expect(answers.filter(Boolean)).toHaveLength(1);
    });
  });

  describe("quota", () => {
    const reserveMany = (installation: number, count: number, now: number) =>
      Promise.all(
        Array.from({ length: count }, () => suite.store().quota.reserve(installation, "content", now)),
      );

    it("allows 80 writes in any minute, also when they come at once and arrive ten seconds late", async () => {
      const installation = nextInstallation();

      const answers = await reserveMany(installation, 95, START);

      expect(answers.filter((answer) => answer.ok)).toHaveLength(80);
      expect(answers.find((answer) => !answer.ok)).toEqual({ ok: false, at: START + 70_000 });
      expect(await suite.store().quota.reserve(installation, "content", START + 69_999)).toMatchObject({
        ok: false,
      });
      expect(await suite.store().quota.reserve(installation, "content", START + 70_000)).toEqual({
        ok: true,
      });
    });

    it("allows exactly 500 writes in any hour", async () => {
      const installation = nextInstallation();
      for (let minute = 0; minute < 6; minute += 1)
        await reserveMany(installation, 80, START + minute * 70_000);
      await reserveMany(installation, 20, START + 6 * 70_000);

      const answer = await suite.store().quota.reserve(installation, "content", START + 8 * 70_000);

      expect(answer).toEqual({ ok: false, at: START + 3_610_000 });
    });

    it("counts each installation for itself", async () => {
      await reserveMany(nextInstallation(), 80, START);

      expect(await suite.store().quota.reserve(nextInstallation(), "content", START)).toEqual({ ok: true });
    });

    it("keeps the longest pause and refuses until it is over", async () => {
      const installation = nextInstallation();
      const { quota } = suite.store();
      expect(await quota.pausedUntil(installation)).toBe(0);
      await quota.pauseUntil(installation, START + 5_000);
      await quota.pauseUntil(installation, START + 1_000);

      expect(await quota.pausedUntil(installation)).toBe(START + 5_000);
      expect(await quota.reserve(installation, "content", START)).toEqual({ ok: false, at: START + 5_000 });
      expect(await quota.reserve(installation, "content", START + 5_000)).toEqual({ ok: true });
    });
  });
}
