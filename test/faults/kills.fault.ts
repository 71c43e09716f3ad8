import { describe, expect, it } from "vitest";
import { createDice, playKilledRound } from "../stories/play-kills.ts";

const KILLS = Number(process.env.KILLS ?? 1_000);
const SEED = Number(process.env.KILLS_SEED ?? Date.now() % 100_000);
const TIMEOUT_MS = 4 * 3_600_000;

describe(`${KILLS} kills under load (KILLS_SEED=${SEED})`, () => {
  it(
    "F041 lose no acknowledged delivery and do nothing twice",
    async () => {
      const dice = createDice(SEED);
      for (let killed = 0; killed < KILLS; ) {
        const round = await playKilledRound({ kills: KILLS - killed, dice });
        expect(round.problems).toEqual([]);
        killed += round.kills;
        process.stdout.write(`${killed} of ${KILLS} kills\n`);
      }
    },
    TIMEOUT_MS,
  );
});
