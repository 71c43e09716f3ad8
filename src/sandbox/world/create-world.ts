import type { AppRegistration } from "./records.ts";
import type { User } from "./user.ts";
import type { Emission, HistoryEntry, World } from "./world.ts";

/** What the owner of an app chooses when registering it. */
export interface AppOptions {
  readonly id: number;
  readonly slug: string;
  readonly publicKeyPem: string;
  readonly webhookUrl: string;
  readonly webhookSecret: string;
  readonly permissions: Readonly<Record<string, "read" | "write">>;
  readonly events: readonly string[];
}

export interface WorldOptions {
  readonly dataDir: string;
  readonly baseUrl: () => string;
  readonly now?: (() => Date) | undefined;
  readonly app?: AppOptions | undefined;
  /** Called for every emission: sends webhooks and starts workflows. */
  readonly onEmit?: ((world: World, emission: Emission) => void) | undefined;
}

/** GitHub's own ids of the built-in app and its bot, so that clients who know them find them. */
const ACTIONS_APP_ID = 15_368;
const ACTIONS_BOT_ID = 41_898_282;
const FIRST_ID = 1_000_000;

/** An empty world: nobody but the apps' bots, no repository. */
export function createWorld(options: WorldOptions): World {
  const now = options.now ?? (() => new Date());
  const createdAt = now();
  const history: HistoryEntry[] = [];
  let lastId = FIRST_ID;
  const nextId = (): number => ++lastId;
  const app = options.app ? registerApp(options.app, { nextId, createdAt }) : null;
  const actionsApp = createActionsApp(createdAt);
  const accounts = [actionsApp.owner, actionsApp.bot, ...(app ? [app.owner, app.bot] : [])];
  const world: World = {
    now,
    nextId,
    baseUrl: options.baseUrl,
    dataDir: options.dataDir,
    users: new Map(accounts.map((user) => [user.id, user])),
    userTokens: new Map(),
    installationTokens: new Map(),
    jobTokens: new Map(),
    teams: new Map(),
    repos: new Map(),
    formerNames: new Map(),
    app,
    actionsApp,
    installations: new Map(),
    deliveries: [],
    history,
    record: (kind, facts) => {
      history.push({ ...facts, seq: history.length + 1, at: now().toISOString(), kind });
    },
    emit: (emission) => options.onEmit?.(world, emission),
  };
  return world;
}

interface Clock {
  readonly nextId: () => number;
  readonly createdAt: Date;
}

function registerApp(options: AppOptions, { nextId, createdAt }: Clock): AppRegistration {
  const account = (login: string, type: User["type"]): User => ({ id: nextId(), login, type, createdAt });
  return {
    id: options.id,
    slug: options.slug,
    name: options.slug,
    owner: account(`${options.slug}-owner`, "Organization"),
    bot: account(`${options.slug}[bot]`, "Bot"),
    publicKey: options.publicKeyPem,
    webhookUrl: options.webhookUrl,
    webhookSecret: options.webhookSecret,
    permissions: { metadata: "read", ...options.permissions },
    events: options.events,
    createdAt,
  };
}

function createActionsApp(createdAt: Date): AppRegistration {
  return {
    id: ACTIONS_APP_ID,
    slug: "github-actions",
    name: "GitHub Actions",
    owner: { id: 9919, login: "github", type: "Organization", createdAt },
    bot: { id: ACTIONS_BOT_ID, login: "github-actions[bot]", type: "Bot", createdAt },
    publicKey: "",
    webhookUrl: "",
    webhookSecret: "",
    permissions: { actions: "write", checks: "write", contents: "write", metadata: "read" },
    events: [],
    createdAt,
  };
}
