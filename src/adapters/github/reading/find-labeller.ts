import { z } from "zod";
import type { Actor } from "../../../core/repo.ts";
import { orUndefined } from "../client/github-problem.ts";
import type { RepositoryApi } from "../client/repository-api.ts";

const Labelling = z.object({
  event: z.enum(["labeled", "unlabeled"]),
  label: z.object({ name: z.string() }),
  actor: z
    .object({
      id: z.number(),
      login: z.string(),
      type: z.enum(["User", "Bot", "Organization", "Mannequin"]).catch("Bot"),
    })
    .nullable(),
});
type Labelling = z.infer<typeof Labelling>;

/** What was done to an issue before it came to this repository was done under another one's rules (F106). */
const Arrival = z.object({ event: z.literal("transferred") });

const MAX_PAGES = 30;

/** Who put a label on an issue last; undefined when the history does not say. */
export async function findLabeller(
  api: RepositoryApi,
  issue: number,
  label: string,
): Promise<Actor | undefined> {
  const history = await readLabellings(api, issue, label);
  return history.findLast(({ event }) => event === "labeled")?.actor ?? undefined;
}

/** Who took a label off an issue, when that is the last that the history says of it. */
export async function findUnlabeller(
  api: RepositoryApi,
  issue: number,
  label: string,
): Promise<Actor | undefined> {
  const last = (await readLabellings(api, issue, label)).at(-1);
  return last?.event === "unlabeled" ? (last.actor ?? undefined) : undefined;
}

/** How one label came to an issue of this repository and went, oldest first. */
async function readLabellings(
  api: RepositoryApi,
  issue: number,
  label: string,
): Promise<readonly Labelling[]> {
  const events = await readHistory(api, issue);
  const arrival = events.findLastIndex((event) => Arrival.safeParse(event).success);
  return events.slice(arrival + 1).flatMap((event) => {
    const read = Labelling.safeParse(event);
    // Labels are compared as GitHub does, whatever their case.
    const isMeant = read.success && read.data.label.name.toLowerCase() === label.toLowerCase();
    return isMeant ? [read.data] : [];
  });
}

async function readHistory(api: RepositoryApi, issue: number): Promise<readonly unknown[]> {
  const route = "GET /repos/{owner}/{repo}/issues/{issue_number}/events";
  const events: unknown[] = [];
  await orUndefined(
    (async () => {
      for await (const page of api.pages(route, { issue_number: issue }, MAX_PAGES)) events.push(...page);
    })(),
  );
  return events;
}
