import { z } from "zod";
import type { RepoRef } from "../../core/repo.ts";
import type { AppAccess } from "../../ports/github.ts";
import type { GitHub } from "./client/client.ts";
import { isFailure } from "./client/github-problem.ts";
import type { Scope } from "./client/send.ts";
import { redeliverFailed } from "./redeliver-failed.ts";

const Installations = z.array(z.object({ id: z.number(), suspended_at: z.string().nullish() }));
const Repositories = z.object({
  repositories: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      owner: z.object({ login: z.string() }),
      archived: z.boolean().optional(),
      disabled: z.boolean().optional(),
    }),
  ),
});

const MAX_PAGES = 1_000;

/** What the app may see as a whole. */
export function createAppAccess(github: GitHub): AppAccess {
  return {
    repositories: () => listRepositories(github),
    redeliverFailed: (since) => redeliverFailed(github, since),
  };
}

async function listRepositories(github: GitHub): Promise<readonly RepoRef[]> {
  const repos = new Map<number, RepoRef>();
  for await (const data of pages(github, { kind: "app" }, "GET /app/installations")) {
    for (const installation of Installations.parse(data)) {
      if (installation.suspended_at) continue;
      for (const repo of await listOfInstallation(github, installation.id)) repos.set(repo.id, repo);
    }
  }
  return [...repos.values()];
}

/** An installation that ends while it is listed has no repositories; one that cannot be read now fails the listing. */
async function listOfInstallation(github: GitHub, installationId: number): Promise<readonly RepoRef[]> {
  const scope: Scope = { kind: "token", installationId, repositoryId: null };
  const repos: RepoRef[] = [];
  try {
    for await (const data of pages(github, scope, "GET /installation/repositories")) {
      for (const { id, name, owner, archived, disabled } of Repositories.parse(data).repositories) {
        if (!archived && !disabled) repos.push({ id, installationId, owner: owner.login, name });
      }
    }
  } catch (error) {
    if (!isFailure(error, "gone", "refused")) throw error;
  }
  return repos;
}

async function* pages(github: GitHub, scope: Scope, route: string): AsyncGenerator<unknown> {
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const { data, headers } = await github.send(scope, { route, parameters: { per_page: 100, page } });
    yield data;
    if (!String(headers.link ?? "").includes('rel="next"')) return;
  }
}
