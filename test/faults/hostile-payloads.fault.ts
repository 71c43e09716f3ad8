import { expect, it } from "vitest";
import { sendHostileDeliveries } from "../adapters/github/receive/hostile-delivery.ts";

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const numRuns = Number(process.env.FUZZ_RUNS ?? 200_000);

it(`answers none of ${numRuns} hostile deliveries with 500 or above (FUZZ_SEED=${seed})`, async () => {
  const statuses = await sendHostileDeliveries({ numRuns, seed });

  expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(numRuns);
});
