import { findForbidden } from "./check-autonomy.ts";
import { findClosedInShadow, findSilentHolds } from "./check-holds.ts";
import { findExcess } from "./check-limits.ts";
import { findEndlessChecks, findStuck } from "./check-liveness.ts";
import {
  findDoubles,
  findLostDeliveries,
  findRepeatedWork,
  findSecondTasks,
  findSurplusRuns,
} from "./check-once.ts";
import { findSecrets, findSilence, findTalkWithBots, findUnasked, findUnaudited } from "./check-orders.ts";
import { findGroundlessVerdicts } from "./check-verdicts.ts";
import type { Lines } from "./read-history.ts";

/** What must hold whatever happens, by the numbers of the fault catalogue; each sees nothing but the history. */
const INVARIANTS: Readonly<Record<string, (lines: Lines) => readonly string[]>> = {
  I1: findLostDeliveries,
  I2: findRepeatedWork,
  I3: findSecondTasks,
  I4: findSurplusRuns,
  I5: findDoubles,
  I6: findGroundlessVerdicts,
  I7: findEndlessChecks,
  I8: (lines) => [...findSilence(lines), ...findSilentHolds(lines)],
  I9: findUnasked,
  I10: (lines) => [...findForbidden(lines), ...findClosedInShadow(lines)],
  I11: findExcess,
  I12: findUnaudited,
  I13: findSecrets,
  I14: findStuck,
  I15: findTalkWithBots,
};

/** Every violation, each beginning with the number of its invariant. */
export function checkHistory(lines: Lines): readonly string[] {
  return Object.entries(INVARIANTS).flatMap(([name, find]) =>
    find(lines).map((problem) => `${name}: ${problem}`),
  );
}
