import { resolveRef } from "../../git/git.ts";
import { countAheadBehind } from "../../git/history.ts";
import { nullableText, optionalBoolean, requiredText, validationFailed } from "../../http/body-fields.ts";
import type { Call } from "../../http/route.ts";
import { findRepo } from "../../world/find-records.ts";
import type { Repo } from "../../world/records.ts";
import { isOpen, type NewPull } from "./pull-records.ts";

const RESOURCE = "PullRequest";
const MAX_TITLE = 256;
const MAX_BODY = 65_536;

/** A pull request that `POST /pulls` asks for, every part checked. */
export function readNewPull(call: Call): Omit<NewPull, "user"> {
  const { repo, body } = call;
  const { headRepo, headRef } = readHead(call, requiredText(body, "head"));
  const baseRef = requiredText(body, "base");
  const headSha = resolveRef(headRepo.gitDir, `refs/heads/${headRef}`);
  const baseSha = resolveRef(repo.gitDir, `refs/heads/${baseRef}`);
  if (headSha === undefined) throw validationFailed({ resource: RESOURCE, field: "head", code: "invalid" });
  if (baseSha === undefined) throw validationFailed({ resource: RESOURCE, field: "base", code: "invalid" });
  checkFree(repo, { headRepo, headRef, baseRef });
  return {
    title: readTitle(requiredText(body, "title", RESOURCE)),
    body: readBody(nullableText(body, "body") ?? null),
    draft: optionalBoolean(body, "draft") ?? false,
    appId: call.appId,
    headRepo,
    headRef,
    headSha,
    baseRef,
    baseSha,
  };
}

export function readTitle(title: string): string {
  if (title.length <= MAX_TITLE) return title;
  throw validationFailed({
    resource: RESOURCE,
    code: "custom",
    field: "title",
    message: `title is too long (maximum is ${MAX_TITLE} characters)`,
  });
}

export function readBody(text: string | null): string | null {
  if (text === null || text.length <= MAX_BODY) return text;
  throw validationFailed({
    resource: RESOURCE,
    code: "custom",
    field: "body",
    message: `body is too long (maximum is ${MAX_BODY} characters)`,
  });
}

/** Refuses a pull request that would bring nothing. */
export function checkDifference(
  repo: Repo,
  { baseRef, headRef, baseSha, headSha }: Pick<NewPull, "baseRef" | "headRef" | "baseSha" | "headSha">,
): void {
  if (countAheadBehind(repo.gitDir, baseSha, headSha).ahead > 0) return;
  const message = `No commits between ${baseRef} and ${headRef}`;
  throw validationFailed({ resource: RESOURCE, code: "custom", message });
}

/** `head` is a branch of this repository, or `owner:branch` for one of a fork with the same name. */
function readHead(
  { world, repo }: Call,
  head: string,
): { readonly headRepo: Repo; readonly headRef: string } {
  const colon = head.indexOf(":");
  if (colon === -1) return { headRepo: repo, headRef: head };
  const owner = head.slice(0, colon);
  const isOwn = owner.toLowerCase() === repo.owner.login.toLowerCase();
  const headRepo = isOwn ? repo : findRepo(world, owner, repo.name);
  if (headRepo === undefined) throw validationFailed({ resource: RESOURCE, field: "head", code: "invalid" });
  return { headRepo, headRef: head.slice(colon + 1) };
}

function checkFree(
  repo: Repo,
  { headRepo, headRef, baseRef }: Pick<NewPull, "headRepo" | "headRef" | "baseRef">,
): void {
  const isTaken = [...repo.pulls.values()].some(
    (pull) =>
      isOpen(repo, pull) &&
      pull.headRepoId === headRepo.id &&
      pull.headRef === headRef &&
      pull.baseRef === baseRef,
  );
  if (!isTaken) return;
  const message = `A pull request already exists for ${headRepo.owner.login}:${headRef}.`;
  throw validationFailed({ resource: RESOURCE, code: "custom", message });
}
