import { z } from "zod";
import type { Send } from "./send.ts";

/** The app as GitHub shows it. */
export interface AppIdentity {
  readonly appId: number;
  readonly slug: string;
  /** Account that the app's writes are shown under; null until some installation lets us look. */
  readonly botId: number | null;
}

const App = z.object({ id: z.number(), slug: z.string() });
const Installations = z.array(z.object({ id: z.number(), suspended_at: z.string().nullish() }));
const User = z.object({ id: z.number(), type: z.literal("Bot") });

/** Asks until everything is known, and never again after that. */
export function createSelf(send: Send): () => Promise<AppIdentity> {
  let known: AppIdentity | undefined;

  async function readBotId(slug: string): Promise<number | null> {
    const { data } = await send(
      { kind: "app" },
      { route: "GET /app/installations", parameters: { per_page: 100 } },
    );
    const active = Installations.parse(data).find((installation) => !installation.suspended_at);
    if (!active) return null;
    const answer = await send(
      { kind: "token", installationId: active.id, repositoryId: null },
      { route: "GET /users/{username}", parameters: { username: `${slug}[bot]` } },
    );
    return User.parse(answer.data).id;
  }

  return async () => {
    if (known) return known;
    const { data } = await send({ kind: "app" }, { route: "GET /app", parameters: {} });
    const { id: appId, slug } = App.parse(data);
    const identity = { appId, slug, botId: await readBotId(slug) };
    if (identity.botId !== null) known = identity;
    return identity;
  };
}
