import { describe, expect, it } from "vitest";
import { createDice, playKilledRound } from "./play-kills.ts";

/** `npm run faults` kills a thousand times. */
const KILLS = 10;
const TIMEOUT_MS = 900_000;
const SEED = Number(process.env.KILLS_SEED ?? Date.now() % 100_000);

describe(`an app that is killed again and again (KILLS_SEED=${SEED})`, () => {
  it(
    "F041 carries the main job to its end and does nothing twice",
    async () => {
      const dice = createDice(SEED);
      for (let killed = 0; killed < KILLS; ) {
        const round = await playKilledRound({ kills: KILLS - killed, dice });
        expect(round.problems).toEqual([]);
        killed += round.kills;
      }
    },
    TIMEOUT_MS,
  );
});
