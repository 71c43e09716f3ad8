import fc from "fast-check";
import { taskHistories } from "./generate-histories.ts";
import { peopleHistories } from "./generate-people.ts";
import type { History } from "./play-history.ts";

/** Histories of every sort. */
export const histories: fc.Arbitrary<History> = fc.oneof(taskHistories, peopleHistories);
