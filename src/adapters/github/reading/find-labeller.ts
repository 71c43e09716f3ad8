import { z } from "zod";
import type { Actor } from "../../../core/repo.ts";
import { orUndefined } from "../client/github-problem.ts";
import type { RepositoryApi } from "../client/repository-api.ts";

const Labelled = z.object({
  event: z.literal("labeled"),
  label: z.object({ name: z.string() }),
  actor: z
    .object({
      id: z.number(),
      login: z.string(),
      type: z.enum(["User", "Bot", "Organization", "Mannequin"]).catch("Bot"),
    })
    .nullable(),
});

const MAX_PAGES = 30;

/** Who put a label on an issue last; undefined when the history does not say. */
export async function findLabeller(
  api: RepositoryApi,
  issue: number,
  label: string,
): Promise<Actor | undefined> {
  const route = "GET /repos/{owner}/{repo}/issues/{issue_number}/events";
  let last: Actor | undefined;
  await orUndefined(
    (async () => {
      for await (const page of api.pages(route, { issue_number: issue }, MAX_PAGES)) {
        for (const event of page) {
          const read = Labelled.safeParse(event);
          // Labels are compared as GitHub does, whatever their case.
          if (read.success && read.data.label.name.toLowerCase() === label.toLowerCase()) {
            last = read.data.actor ?? undefined;
          }
        }
      }
    })(),
  );
  return last;
}
