/** How badly webhooks travel. */
export interface DeliveryOptions {
  /** Delay of each webhook. */
  readonly lagMs?: number | undefined;
  /** Share of webhooks that never reach the app; GitHub's list of deliveries shows them as failed. */
  readonly dropRate?: number | undefined;
  /** Share of webhooks sent twice under one guid. */
  readonly doubleRate?: number | undefined;
  /** Sends webhooks of one repository in any order. */
  readonly shuffle?: boolean | undefined;
  /** Makes the dice repeatable. */
  readonly seed?: number | undefined;
}

export type DeliveryConditions = ReturnType<typeof createDeliveryConditions>;

const SHUFFLE_SPREAD_MS = 200;

/** Keeps the present conditions and throws the dice for each webhook. */
export function createDeliveryConditions() {
  let options: DeliveryOptions = {};
  let roll = createDice(1);
  return {
    set: (chosen: DeliveryOptions): void => {
      options = chosen;
      roll = createDice(chosen.seed ?? 1);
    },
    isDropped: (): boolean => roll() < (options.dropRate ?? 0),
    isDoubled: (): boolean => roll() < (options.doubleRate ?? 0),
    isShuffled: (): boolean => options.shuffle ?? false,
    delayMs: (): number => {
      const lagMs = options.lagMs ?? 0;
      return options.shuffle ? lagMs + roll() * Math.max(lagMs, SHUFFLE_SPREAD_MS) : lagMs;
    },
  };
}

/** Numbers from 0 to 1 that depend on the seed only (a linear congruential generator is random enough here). */
function createDice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
