import type { InstallationToken, JobToken } from "./access-tokens.ts";
import type { AppRegistration, Delivery, Installation, Repo } from "./records.ts";
import type { Team } from "./team.ts";
import type { User } from "./user.ts";

/** One request or delivery as the recorded history shows it; the invariants checker reads nothing else. */
export interface HistoryEntry {
  readonly seq: number;
  readonly at: string;
  readonly kind: "request" | "delivery" | "dispatch";
  readonly [fact: string]: unknown;
}

/** A webhook to be sent: the payload without the parts that every payload has (repository, sender, installation). */
export interface Emission {
  readonly event: string;
  readonly action: string | null;
  readonly repo: Repo | null;
  readonly sender: User;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Everything the local GitHub knows. Areas change it through their own functions and then call `emit`. */
export interface World {
  readonly now: () => Date;
  /** The next database id; one sequence for all records. */
  readonly nextId: () => number;
  /** Base URL of the REST API as clients see it, without a trailing slash; pages live under `${baseUrl}/ui`. */
  readonly baseUrl: () => string;
  readonly dataDir: string;
  readonly users: Map<number, User>;
  /** Personal access tokens of people, by token. */
  readonly userTokens: Map<string, User>;
  readonly installationTokens: Map<string, InstallationToken>;
  readonly jobTokens: Map<string, JobToken>;
  readonly teams: Map<number, Team>;
  readonly repos: Map<number, Repo>;
  /** Ids of renamed repositories by their former `owner/name` in lower case. */
  readonly formerNames: Map<string, number>;
  readonly app: AppRegistration | null;
  /** The built-in app that owns workflow checks (`github-actions`). */
  readonly actionsApp: AppRegistration;
  readonly installations: Map<number, Installation>;
  readonly deliveries: Delivery[];
  readonly history: HistoryEntry[];
  readonly record: (kind: HistoryEntry["kind"], facts: Readonly<Record<string, unknown>>) => void;
  /** Queues a webhook to the app (if installed on the repository and subscribed) and starts the workflows that listen to it. */
  readonly emit: (emission: Emission) => void;
}
