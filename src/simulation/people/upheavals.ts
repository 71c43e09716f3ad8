import { HOUR_MS, MINUTE_MS, REPO } from "../context.ts";
import type { FaultName } from "../faults.ts";
import type { AppProcess } from "../process.ts";
import type { Random } from "../random.ts";
import { CONFIG_PATH, type World } from "../world/world.ts";
import { ACCOUNTS, REVIEWERS } from "./accounts.ts";
import { comment } from "./reviewers.ts";

const BROKEN = "version: 1\nautonomy: yes please\nkinds: [\n";

interface Turn {
  readonly world: World;
  readonly process: AppProcess;
  /** The configuration as it is meant to be. */
  readonly text: string;
  readonly random: Random;
}

/** What may happen each hour to the repository as a whole, the installation, GitHub and the server; one row each. */
const UPHEAVALS: readonly (readonly [FaultName, (turn: Turn) => void])[] = [
  [
    "config.changes",
    ({ world, text, random }) =>
      world.writeFile(CONFIG_PATH, changeConfig(text, random.next()), ACCOUNTS.alice),
  ],
  ["people.halt", ({ world }) => halt(world)],
  ["app.suspended", ({ world, random }) => suspend(world, random.between(5, 90) * MINUTE_MS)],
  ["clock.jumps", ({ world, process }) => jump(world, process)],
  ["process.away", ({ process, random }) => process.die(random.between(10, 240) * MINUTE_MS)],
  ["github.down", ({ world, random }) => breakDown(world, random.between(5, 240) * MINUTE_MS)],
  ["people.demoted", ({ world, random }) => demote(world, random.between(10, 120) * MINUTE_MS)],
  ["workflow.missing", ({ world, random }) => loseWorkflows(world, random.between(10, 120) * MINUTE_MS)],
];

/** Lets things happen that are nobody's daily work. */
export function startUpheavals(world: World, process: AppProcess): void {
  const { timeline, faults } = world.context;
  const { random } = faults;
  const text = world.fileText(CONFIG_PATH) ?? "";
  const turn = (): void => {
    for (const [name, act] of UPHEAVALS) if (faults.hits(name)) act({ world, process, text, random });
    timeline.at(timeline.now + HOUR_MS, turn);
  };
  timeline.at(timeline.now + HOUR_MS, turn);
}

/** What GitHub does not answer for six hours is given up, so it never stays away for so long. */
function breakDown(world: World, ms: number): void {
  if (world.now > world.downUntil + 6 * HOUR_MS) world.downUntil = world.now + ms;
}

function changeConfig(text: string, chance: number): string | null {
  if (chance < 0.3) return BROKEN;
  if (chance < 0.4) return null;
  if (chance < 0.6) return withLine(text, "mode", "shadow");
  if (chance < 0.7) return withLine(text, "autonomy", "observe");
  if (chance < 0.8) return withLine(text, "autonomy", "draft-pr");
  if (chance < 0.9 || !/^ceilings:/mu.test(text)) return text;
  return withLine(text, "ceilings", '[{ paths: ["**"], autonomy: observe }]');
}

function withLine(text: string, key: string, value: string): string {
  const others = text.split("\n").filter((line) => !line.startsWith(`${key}:`));
  return [...others, `${key}: ${value}`, ""].join("\n");
}

function jump({ context: { timeline, faults, recorder } }: World, process: AppProcess): void {
  process.setSkew(faults.random.between(-60, 60) * MINUTE_MS);
  recorder.add({ kind: "process", at: timeline.now, state: "jumped" });
}

function demote(world: World, ms: number): void {
  const { timeline, faults } = world.context;
  const { login = "" } = faults.random.pick(REVIEWERS) ?? {};
  const permission = world.permissions.get(login);
  if (permission === undefined || permission === "read") return;
  world.permissions.set(login, "read");
  timeline.at(timeline.now + ms, () => {
    world.permissions.set(login, permission);
  });
}

function loseWorkflows(world: World, ms: number): void {
  const { timeline } = world.context;
  world.areWorkflowsGone = true;
  timeline.at(timeline.now + ms, () => {
    world.areWorkflowsGone = false;
  });
}

/** Somebody orders a halt, at a moment of their own, and lifts it after a while. */
function halt(world: World): void {
  const { timeline, faults } = world.context;
  const line = faults.random.chance(0.5) ? "/orchestrate pause" : "/orchestrate stop -- let me look";
  const from = timeline.now + faults.random.between(0, 30) * MINUTE_MS;
  timeline.at(from, () => {
    if (faults.isOn("people.halt")) sayAsMaintainer(world, line);
  });
  const to = from + faults.random.between(10, 90) * MINUTE_MS;
  timeline.at(to, () => sayAsMaintainer(world, "/orchestrate resume"));
}

function sayAsMaintainer(world: World, body: string): void {
  const [first] = world.issues.values();
  if (first !== undefined) comment(world, first.number, { by: ACCOUNTS.alice, body });
}

function suspend(world: World, ms: number): void {
  const { timeline, recorder } = world.context;
  if (world.suspendedAt !== null) return;
  world.suspendedAt = timeline.now;
  recorder.deed(ACCOUNTS.robin.login, { what: "suspended" });
  world.tell({ kind: "installation.suspended", repo: REPO });
  timeline.at(timeline.now + ms, () => unsuspend(world));
}

function unsuspend(world: World): void {
  if (world.suspendedAt === null) return;
  world.suspendedAt = null;
  world.context.recorder.deed(ACCOUNTS.robin.login, { what: "unsuspended" });
  world.tell({ kind: "installation.unsuspended", repo: REPO });
}

/** Everything is as it was meant to be again. */
export function restoreOrder(world: World, process: AppProcess, text: string): void {
  unsuspend(world);
  process.setSkew(0);
  world.downUntil = 0;
  world.areWorkflowsGone = false;
  for (const { login, permission } of Object.values(ACCOUNTS)) world.permissions.set(login, permission);
  if (world.fileText(CONFIG_PATH) !== text) world.writeFile(CONFIG_PATH, text, ACCOUNTS.alice);
  sayAsMaintainer(world, "/orchestrate resume");
  // An order that is an hour old when it is read is asked about again; by then the server is there.
  const { timeline } = world.context;
  timeline.at(timeline.now + 5 * HOUR_MS, () => sayAsMaintainer(world, "/orchestrate resume"));
}
