import fc from "fast-check";
import { it, vi } from "vitest";
import { histories } from "/work/main/test/support/pull-model/generate-histories.ts";
import { playHistory } from "/work/main/test/support/pull-model/play-history.ts";
vi.mock(import("../../src/core/config/parse-config.ts"), async (importOriginal) => {
  const { rememberConfigs } = await import("../support/pull-model/remember-configs.ts");
  return { parseConfig: rememberConfigs((await importOriginal()).parseConfig) };
});
it("k", async () => {
  let n = 0, g = 0; const t = performance.now();
  for (const h of fc.sample(histories, { numRuns: Number(process.env.N ?? 1500), seed: Number(process.env.S ?? 7) })) {
    n++; if (h.isHonestAndGood) g++;
    let p; try { p = await playHistory(h); } catch (e) { console.log("THROWN", String(e.stack).slice(0, 600), JSON.stringify(h)); continue; }
    if (p.violations.length) console.log("VIOL", JSON.stringify(p.violations), JSON.stringify(h));
    if (p.isKeptBack) console.log("KEPT", JSON.stringify(p.standing), p.driver.ledger.task?.reasons.map((r) => r.code + ": " + r.message), JSON.stringify(h.faults), JSON.stringify(h.steps.slice(0, -3)));
  }
  console.log("DONE", n, g, performance.now() - t);
}, 600000);
