import type { OutsideTrouble } from "../ports/outside-trouble.ts";
import type { FaultSetting } from "../ports/simulator.ts";
import type { Random } from "./random.ts";

interface FaultRow {
  /** Probability at each opportunity on an ordinary day. */
  readonly usual: number;
  /** The same where a seed has switched the fault on. */
  readonly swarm: number;
}

/** What can go wrong around the app, and how often; one row each. */
export const FAULTS = {
  /** A webhook never comes, and GitHub does not know it. */
  "webhook.lost": { usual: 0.001, swarm: 0.08 },
  /** It is not taken, so that it can be asked for again. */
  "webhook.failed": { usual: 0.002, swarm: 0.08 },
  "webhook.late": { usual: 0.01, swarm: 0.15 },
  "webhook.doubled": { usual: 0.005, swarm: 0.15 },
  "webhook.reordered": { usual: 0.02, swarm: 0.3 },
  /** It comes again under another guid, as where two hooks tell the same. */
  "webhook.twinned": { usual: 0.0005, swarm: 0.08 },
  "read.fails": { usual: 0.002, swarm: 0.05 },
  /** Lists and pull requests are shown as they were a moment ago. */
  "read.stale": { usual: 0.01, swarm: 0.2 },
  /** GitHub answers no reading question before a moment that it names. */
  "read.limited": { usual: 0.0005, swarm: 0.02 },
  "write.lost": { usual: 0.002, swarm: 0.08 },
  /** It is done, but the answer does not come. */
  "write.unanswered": { usual: 0.002, swarm: 0.08 },
  "write.limited": { usual: 0.001, swarm: 0.04 },
  "write.slow": { usual: 0.005, swarm: 0.1 },
  /** A dispatch, publication or merge is refused for good. */
  "action.refused": { usual: 0.0005, swarm: 0.03 },
  /** Nothing that a transaction wrote is there. */
  "store.fails": { usual: 0.0001, swarm: 0.02 },
  /** All of it is there, but whoever wrote it does not know. */
  "store.unanswered": { usual: 0.0001, swarm: 0.02 },
  "run.never-starts": { usual: 0.002, swarm: 0.06 },
  "run.never-ends": { usual: 0.002, swarm: 0.06 },
  "run.no-evidence": { usual: 0.005, swarm: 0.1 },
  "run.foreign-evidence": { usual: 0, swarm: 0.06 },
  "run.doubled": { usual: 0.001, swarm: 0.08 },
  "run.cancelled": { usual: 0.003, swarm: 0.06 },
  "run.vanishes": { usual: 0, swarm: 0.02 },
  /** It waits for somebody's approval before it begins. */
  "run.waits": { usual: 0.002, swarm: 0.08 },
  /** Somebody runs it again when it is over. */
  "run.rerun": { usual: 0.001, swarm: 0.08 },
  /** It ends in a way that says nothing. */
  "run.odd-end": { usual: 0.001, swarm: 0.06 },
  "run.broken-evidence": { usual: 0.002, swarm: 0.08 },
  /** The worker says that it is done, and the run that it failed. */
  "run.contradicts": { usual: 0.001, swarm: 0.06 },
  /** The work changes what it may not. */
  "run.oversteps": { usual: 0.002, swarm: 0.1 },
  "run.rate-limited": { usual: 0.005, swarm: 0.08 },
  /** A credential is in what the worker says. */
  "run.tells-secret": { usual: 0, swarm: 0.15 },
  /** The process dies between two of its steps. */
  "process.dies": { usual: 0.00005, swarm: 0.004 },
  /** A worker stands still until its lease has lapsed, and goes on then. */
  "process.stalls": { usual: 0.00002, swarm: 0.004 },
  /** The process is down for hours; each hour. */
  "process.away": { usual: 0.0003, swarm: 0.06 },
  /** GitHub answers nobody for a while; each hour. */
  "github.down": { usual: 0.0003, swarm: 0.06 },
  /** Each hour. */
  "clock.jumps": { usual: 0, swarm: 0.2 },
  /** Each hour, for each open issue. */
  "people.meddle": { usual: 0.001, swarm: 0.4 },
  /** Somebody gets in between while a pull request is being checked. */
  "people.rush": { usual: 0.005, swarm: 0.2 },
  /** A maintainer pauses or stops the repository, for a while, each hour. */
  "people.halt": { usual: 0.0005, swarm: 0.2 },
  /** Somebody who could write cannot for a while; each hour. */
  "people.demoted": { usual: 0.0005, swarm: 0.12 },
  /** An issue names another one that it waits for, or files that others change as well. */
  "people.entangle": { usual: 0, swarm: 0.4 },
  /** Each hour. */
  "config.changes": { usual: 0.0005, swarm: 0.15 },
  /** The workflows are not on the default branch for a while; each hour. */
  "workflow.missing": { usual: 0.0002, swarm: 0.06 },
  "app.suspended": { usual: 0, swarm: 0.03 },
} as const satisfies Record<string, FaultRow>;

export type FaultName = keyof typeof FAULTS;

/** Which faults a history has, and when each of them happens. */
export class Faults {
  readonly counts = new Map<FaultName, number>();
  #rates: ReadonlyMap<string, number>;
  readonly #random: Random;

  constructor(setting: FaultSetting, random: Random) {
    this.#random = random.fork("faults");
    this.#rates = new Map(
      Object.entries(FAULTS).map(([name, row]) => [name, rateOf(row, setting, this.#random)]),
    );
  }

  /** Whether this opportunity goes wrong. */
  hits(name: FaultName): boolean {
    if (!this.#random.chance(this.#rates.get(name) ?? 0)) return false;
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    return true;
  }

  isOn(name: FaultName): boolean {
    return (this.#rates.get(name) ?? 0) > 0;
  }

  /** How bad one is, where that is a matter of degree. */
  get random(): Random {
    return this.#random;
  }

  stop(): void {
    this.#rates = new Map();
  }
}

/** Rare faults meet only where few others are in the way, so each history has some of them and not all. */
function rateOf({ usual, swarm }: FaultRow, setting: FaultSetting, random: Random): number {
  const isOn = random.chance(0.35);
  if (setting === "none") return 0;
  if (setting === "usual") return usual;
  return isOn ? swarm : 0;
}

/** Trouble of the world outside: whoever asked comes back for it. */
export class ModelTrouble extends Error implements OutsideTrouble {
  override readonly name = "ModelTrouble";
  readonly isOutsideTrouble = true;
  readonly retryAt: number | null;

  constructor(message: string, retryAt: number | null = null) {
    super(message);
    this.retryAt = retryAt;
  }
}
