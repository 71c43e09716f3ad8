import type { FindObstacle } from "../../ports/github.ts";
import { MINUTE_MS, SECOND_MS } from "../context.ts";
import { ModelTrouble } from "../faults.ts";
import type { Write } from "../record.ts";
import type { World } from "./world.ts";

/** GitHub refused for good, as nobody else's trouble. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Not now: GitHub wants to be left alone, or the app is stopped. */
export class Limited extends Error {
  override readonly name = "Limited";
  readonly until: number;

  constructor(until: number, why: string) {
    super(why);
    this.until = until;
  }
}

const SUSPENDED_WAIT_MS = 5 * MINUTE_MS;

interface WireParts {
  readonly world: World;
  readonly pause: (ms: number) => Promise<void>;
  /** Key of the effect that is being done. */
  readonly key: string;
  readonly now: () => number;
  readonly findObstacle: FindObstacle | undefined;
  readonly mayWrite: (() => boolean) | undefined;
}

/** Requests that change something: each takes its time, and may get lost on the way there or on the way back. */
export class Wire {
  readonly #parts: WireParts;

  constructor(parts: WireParts) {
    this.#parts = parts;
  }

  async write<W extends Write>(apply: () => W): Promise<W> {
    const { world, pause, key, now, mayWrite } = this.#parts;
    const { faults, random, recorder } = world.context;
    const obstacle = await this.#parts.findObstacle?.();
    if (obstacle !== undefined) throw new Limited(obstacle.at, obstacle.why);
    if (mayWrite?.() === false) throw new Limited(now(), "others may do this by now");
    const sentAt = world.now;
    const isSlow = faults.hits("write.slow");
    await pause(isSlow ? faults.random.between(5, 120) * SECOND_MS : random.between(80, 400));
    if (faults.hits("write.limited")) {
      const until = now() + faults.random.between(30, 300) * SECOND_MS;
      recorder.add({ kind: "limited", at: world.now, key, until: world.now + (until - now()) });
      throw new Limited(until, "You have exceeded a secondary rate limit");
    }
    if (world.now < world.downUntil || faults.hits("write.lost")) throw new ModelTrouble("502 Bad Gateway");
    if (world.suspendedAt !== null)
      throw new Limited(now() + SUSPENDED_WAIT_MS, "the installation is suspended");
    const written = apply();
    recorder.add({ kind: "write", at: world.now, sentAt, key, write: written });
    await pause(random.between(20, 100));
    if (faults.hits("write.unanswered")) throw new ModelTrouble("the connection was closed");
    return written;
  }
}
