import { HOUR_MS, MINUTE_MS, REPO } from "../context.ts";
import type { AppProcess } from "../process.ts";
import { CONFIG_PATH, type World } from "../world/world.ts";
import { ACCOUNTS } from "./accounts.ts";
import { comment } from "./reviewers.ts";

const BROKEN = "version: 1\nautonomy: yes please\nkinds: [\n";

/** What happens to the repository as a whole, each hour at random: its configuration, the installation, the server's clock. */
export function startUpheavals(world: World, process: AppProcess): void {
  const { timeline, faults } = world.context;
  const text = world.fileText(CONFIG_PATH) ?? "";
  const turn = (): void => {
    if (faults.hits("config.changes"))
      world.writeFile(CONFIG_PATH, changeConfig(text, faults.random.next()), ACCOUNTS.alice);
    if (faults.hits("people.halt")) halt(world);
    if (faults.hits("app.suspended")) suspend(world, faults.random.between(5, 90) * MINUTE_MS);
    if (faults.hits("clock.jumps")) process.setSkew(faults.random.between(-20, 20) * MINUTE_MS);
    timeline.at(timeline.now + HOUR_MS, turn);
  };
  timeline.at(timeline.now + HOUR_MS, turn);
}

function changeConfig(text: string, chance: number): string | null {
  if (chance < 0.3) return BROKEN;
  if (chance < 0.4) return null;
  if (chance < 0.6) return withLine(text, "mode", "shadow");
  if (chance < 0.7) return withLine(text, "autonomy", "observe");
  if (chance < 0.8) return withLine(text, "autonomy", "draft-pr");
  return text;
}

function withLine(text: string, key: string, value: string): string {
  const others = text.split("\n").filter((line) => !line.startsWith(`${key}:`));
  return [...others, `${key}: ${value}`, ""].join("\n");
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
  if (world.fileText(CONFIG_PATH) !== text) world.writeFile(CONFIG_PATH, text, ACCOUNTS.alice);
  sayAsMaintainer(world, "/orchestrate resume");
}
