import type { Actor } from "../../core/repo.ts";
import { HOUR_MS, MINUTE_MS, REPO } from "../context.ts";
import type { ModelIssue, ModelPull } from "../world/model.ts";
import type { World } from "../world/world.ts";
import { ACCOUNTS, REVIEWERS } from "./accounts.ts";

const LOOK_MS = 30 * MINUTE_MS;
const PATIENCE_MS = [30 * MINUTE_MS, 6 * HOUR_MS] as const;

/** People who look at what waits for a review now and then, approve it, and merge by hand what is theirs to merge. */
export function startReviewing(world: World): void {
  const { timeline } = world.context;
  const dueAt = new Map<string, number>();
  const isDue = (what: string): boolean => {
    const due = dueAt.get(what) ?? timeline.now + world.context.random.skewed(...PATIENCE_MS);
    dueAt.set(what, due);
    return due <= timeline.now;
  };
  const look = (): void => {
    for (const { issue, pull } of listWaiting(world)) {
      if (pull === undefined) allow(world, { issue, isDue });
      else review(world, { issue, pull, isDue });
    }
    for (const pull of world.pulls.values())
      if (pull.isUpdate && pull.state === "open" && timeline.now - pull.openedAt > LOOK_MS)
        world.mergePull(pull, ACCOUNTS.alice);
    timeline.at(timeline.now + LOOK_MS, look);
  };
  timeline.at(timeline.now + LOOK_MS, look);
}

function listWaiting(
  world: World,
): readonly { readonly issue: ModelIssue; readonly pull: ModelPull | undefined }[] {
  const waiting = [...world.issues.values()].filter(({ labels }) =>
    labels.includes(`${world.config.label}:needs-review`),
  );
  return waiting.map((issue) => ({ issue, pull: findPull(world, issue.number) }));
}

/** The open pull request whose branch is named after an issue. */
export function findPull(world: World, issue: number): ModelPull | undefined {
  return [...world.pulls.values()].find((pull) => pull.state === "open" && isPullOf(pull, { number: issue }));
}

export function isPullOf({ headRef }: ModelPull, { number }: Pick<ModelIssue, "number">): boolean {
  return new RegExp(`/${number}(?:-|$)`, "u").test(headRef);
}

interface Review {
  readonly issue: ModelIssue;
  readonly pull: ModelPull;
  /** Everybody has their own time for it. */
  readonly isDue: (what: string) => boolean;
}

/** In a governed repository a maintainer lets each task start. */
function allow(world: World, { issue, isDue }: Omit<Review, "pull">): void {
  if (world.config.governed && isDue(`allow ${issue.number}`))
    comment(world, issue.number, { by: ACCOUNTS.alice, body: "/orchestrate allow" });
}

function review(world: World, { issue, pull, isDue }: Review): void {
  const { headSha } = pull;
  const verdict = world.checksOf(headSha).find(({ name }) => name === "orchestrator / verify");
  if (verdict?.conclusion === "success") {
    if (!isDue(headSha)) return;
    pull.draft = false;
    world.mergePull(pull, ACCOUNTS.alice);
    return;
  }
  for (const by of REVIEWERS.slice(0, Math.max(1, world.config.gates.approvals)))
    if (isDue(`${headSha} ${by.login}`))
      comment(world, issue.number, { by, body: `/orchestrate approve ${headSha}` });
}

/** Somebody writes a comment. */
export function comment(
  world: World,
  issue: number,
  { by, body }: { readonly by: Actor; readonly body: string },
): void {
  const id = world.nextNumber();
  world.comments.set(id, { id, issue, key: null, body });
  const isPerson = by.type === "User";
  world.context.recorder.deed(by.login, { what: "commented", comment: id, issue, body, isPerson });
  world.tell({
    kind: "comment.created",
    repo: REPO,
    issue,
    sender: by,
    commentId: id,
    body,
    isPull: false,
    createdAt: world.now,
  });
}
