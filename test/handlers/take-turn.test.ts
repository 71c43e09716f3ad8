import { describe, expect, it } from "vitest";
import { takeTurn } from "../../src/handlers/take-turn.ts";
import { NOW } from "../support/build-task.ts";

const ROUND_MS = 300_000;
const listOf = (length: number) => Array.from({ length }, (_, index) => index);

describe("a turn", () => {
  it("is the whole of a short list, in its order", () => {
    expect(takeTurn(listOf(20), 20, NOW)).toEqual(listOf(20));
    expect(takeTurn([], 20, NOW)).toEqual([]);
  });

  it.each([1, 2, 3, 5, 12, 20])(
    "F115 comes to everything in a long list soon, at looks that lie %i rounds apart",
    (apart) => {
      for (const length of [21, 24, 40, 60, 100, 300, 1000]) {
        const looks = listOf(12 + Math.ceil((8 * length) / 20)).map((look) =>
          takeTurn(listOf(length), 20, NOW + look * apart * ROUND_MS),
        );

        expect(new Set(looks.map((turn) => new Set(turn).size))).toEqual(new Set([20]));
        expect(new Set(looks.flat()).size).toBe(length);
      }
    },
  );
});
