import type { Describe } from "../compare-values.ts";
import { createDemands } from "./demands.ts";

/** Keys of `gates.metrics`. */
export const metricFamilies: readonly Describe[] = createDemands(({ gates }) => [
  { key: "gates.metrics", demands: gates.metrics },
]);
