import type { Emission, World } from "../world/world.ts";

/** Starts every workflow of the repository that listens to this event. */
export function startWorkflows(_world: World, _emission: Emission): void {}
