import { pullId } from "../../../src/core/pull/pull.ts";
import { REPO } from "../build-snapshot.ts";
import { PULL_PATIENCE_MS, withPull } from "./await-pull.ts";
import type { Driver } from "./driver.ts";
import { personOf } from "./people.ts";
import type { Arguments } from "./step.ts";
import { baseOf } from "./voices.ts";
import { ISSUE, type ModelPull, type World } from "./world.ts";

/** Where people write about a pull request: a task's has its issue. */
export function placeOf({ openedFor, number }: ModelPull): number {
  return openedFor === null ? number : ISSUE;
}

interface Comment {
  readonly login: string;
  readonly body: string;
  readonly issue: number;
}

/** Writes a comment, and says which one it is. */
export function comment(world: World, { login, body, issue }: Comment): number {
  const commentId = world.nextId();
  world.tell({
    kind: "comment.created",
    repo: REPO,
    issue,
    sender: personOf(login),
    commentId,
    body,
    isPull: issue !== ISSUE,
    createdAt: world.now,
  });
  return commentId;
}

/** The product has heard of the head that people see: they look at its check before they say something. */
function isHeadKnown({ ledger, world }: Driver): boolean {
  const { pull: shown } = world;
  if (shown === undefined || shown.state === "closed") return true;
  const own = ledger.task?.pull;
  const known = own?.number === shown.number ? own : ledger.pulls.get(pullId(REPO.id, shown.number));
  return known?.headSha === shown.headSha;
}

/** Says that a commit is approved; the model keeps for itself whether that counts. */
export async function approve(driver: Driver, { by: login, sha, on }: Arguments["approve"]): Promise<void> {
  const { world } = driver;
  if (sha === "head") await driver.runUntil(() => isHeadKnown(driver), PULL_PATIENCE_MS);
  const { pull: shown } = world;
  if (shown === undefined) return;
  const shas: Readonly<Record<string, string | null>> = {
    head: shown.headSha,
    previous: world.commitOf(shown.headSha).parent,
    base: world.mainSha,
  };
  const meant = shas[sha] ?? sha;
  world.voices.approve({ pull: shown.number, sha: meant, base: baseOf(shown) }, login);
  const issue = on === undefined ? placeOf(shown) : on === "issue" ? ISSUE : shown.number;
  comment(world, { login, body: `/orchestrate approve ${meant}`, issue });
}

/** Says that a gate is set aside for the head that is shown. */
export async function override(
  driver: Driver,
  { by: login, gate, reason }: Arguments["override"],
): Promise<void> {
  const { world } = driver;
  await driver.runUntil(() => isHeadKnown(driver), PULL_PATIENCE_MS);
  withPull(driver, (shown) => {
    world.voices.override({ pull: shown.number, sha: shown.headSha, base: baseOf(shown), gate }, login);
    comment(world, { login, body: `/orchestrate override ${gate} -- ${reason}`, issue: placeOf(shown) });
  });
}
