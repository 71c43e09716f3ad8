import { expect, it } from "vitest";
import { sendHostileDeliveries } from "./hostile-delivery.ts";

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

it(`answers no hostile delivery with 500 or above (FUZZ_SEED=${seed})`, async () => {
  const statuses = await sendHostileDeliveries({ numRuns: 4_000, seed });

  // Proof that the deliveries reach the payload and the header checks, and are not all refused at once.
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 202, 400, 401, 415]));
  expect(statuses.get(202)).toBeGreaterThan(400);
});
