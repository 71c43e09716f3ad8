import type { Simulator } from "../ports/simulator.ts";
import { DAY_MS } from "./context.ts";
import { Simulation } from "./simulation.ts";
import { summarise } from "./summarise.ts";

/** How often the length of the queue is noted, and progress is told. */
const STEPS = 48;

/** Plays scenarios in the memory of this process. */
export const simulator: Simulator = {
  async run(scenario, onProgress) {
    const simulation = new Simulation(scenario);
    const lengths: number[] = [];
    for (let step = 1; step <= STEPS; step += 1) {
      await simulation.pass((scenario.days * DAY_MS) / STEPS);
      lengths.push(simulation.tables.queue().length);
      onProgress(step / STEPS);
    }
    return summarise(scenario, simulation, lengths);
  },
};
