/** How much goes wrong around the app: nothing, what goes wrong every day, or a random choice of everything at once. */
export const FAULT_SETTINGS = ["none", "usual", "swarm"] as const;
export type FaultSetting = (typeof FAULT_SETTINGS)[number];

/** What is played. The same scenario gives the same report. */
export interface SimulationScenario {
  /** Text of a valid configuration. */
  readonly config: string;
  /** Text of a valid roadmap; its open tasks become issues. */
  readonly roadmap: string | null;
  readonly days: number;
  readonly seed: number;
  /** How many issues people hand over; null for as many as the roadmap has, or a few. */
  readonly tasks: number | null;
  readonly faults: FaultSetting;
}

/** What came of a simulation; the same data is printed for people. */
export interface SimulationReport {
  readonly seed: number;
  readonly days: number;
  readonly faults: FaultSetting;
  readonly tasks: TaskCounts;
  /** Why tasks wait for a person at the end, most frequent first. */
  readonly waitingForPerson: readonly WaitingReason[];
  /** Why tasks are not further at the end although no person is waited for. */
  readonly waiting: readonly WaitingReason[];
  readonly failures: readonly { readonly why: string; readonly tasks: number }[];
  readonly roles: readonly RoleUse[];
  readonly gates: readonly {
    readonly gate: string;
    readonly verdict: "FAIL" | "BLOCKED";
    readonly times: number;
  }[];
  readonly queue: QueueUse;
  readonly runs: { readonly started: number; readonly cancelled: number };
  readonly pulls: { readonly opened: number; readonly merged: number };
  /** Faults that happened, by name. */
  readonly happened: readonly { readonly fault: string; readonly times: number }[];
  readonly events: number;
  readonly writes: number;
}

export interface TaskCounts {
  readonly handedOver: number;
  readonly finished: number;
  /** Finished without any act of a person after the hand-over. */
  readonly finishedAlone: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly waitingForPerson: number;
  readonly underWay: number;
  readonly queued: number;
}

export interface WaitingReason {
  readonly code: string;
  readonly tasks: number;
  /** The words of one of them. */
  readonly example: string;
  readonly liftedBy: string;
}

export interface RoleUse {
  readonly role: string;
  readonly team: string;
  readonly tasks: number;
  readonly attempts: number;
  readonly minutes: number;
  readonly usd: number;
}

export interface QueueUse {
  /** From the hand-over to the first dispatch, ms. */
  readonly longestWaitMs: number;
  readonly medianWaitMs: number;
  /** Length at equal distances from the beginning to the end. */
  readonly lengths: readonly number[];
  readonly longest: number;
}

/** Plays what a configuration would do, without GitHub and without waiting. */
export interface Simulator {
  /** `onProgress` is told now and then which part of the time has passed, from 0 to 1. */
  run(scenario: SimulationScenario, onProgress: (part: number) => void): Promise<SimulationReport>;
}
