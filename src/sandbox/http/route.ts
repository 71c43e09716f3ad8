import type { Installation, Repo } from "../world/records.ts";
import type { User } from "../world/user.ts";
import type { World } from "../world/world.ts";

/** Who calls: a person with a token, the app with a JWT, an installation of the app, a workflow job, or nobody. */
export type Actor =
  | { readonly kind: "user"; readonly user: User }
  | { readonly kind: "app" }
  | {
      readonly kind: "installation";
      readonly installation: Installation;
      readonly user: User;
      readonly permissions: Readonly<Record<string, "read" | "write">>;
      readonly repositoryIds: ReadonlySet<number>;
    }
  | {
      readonly kind: "job";
      readonly repoId: number;
      readonly user: User;
      readonly permissions: Readonly<Record<string, "read" | "write">>;
    }
  | { readonly kind: "anonymous" };

export interface Call {
  readonly world: World;
  readonly actor: Actor;
  /** The account that acts; `null` for the app itself and for anonymous calls. */
  readonly user: User | null;
  /** Id of the app on whose behalf an installation or job acts, else null. */
  readonly appId: number | null;
  /** The repository of the path, already checked for access; absent on paths without one. */
  readonly repo: Repo;
  /** The path as asked, without query; under `/repositories/{id}` when it has a repository. */
  readonly path: string;
  /** The `Accept` header, for the few routes with more than one media type. */
  readonly accept: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes sent instead of a JSON body. */
  readonly raw?: Uint8Array;
}

/** Who may call a route: the app's JWT, any installation, anyone, or holders of a repository permission. */
export type Access =
  | "app"
  | "installation"
  | "any"
  | {
      readonly permission: string;
      readonly level: "read" | "write";
      readonly role?: "read" | "triage" | "write" | "maintain" | "admin";
    };

/** One REST operation; the path is GitHub's own template, so the contract can be looked up by it. */
export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly path: string;
  readonly access: Access;
  /** Counts against the limit of content writes (80 a minute, 500 an hour). */
  readonly content?: true;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

/** A refusal in GitHub's shape; the server answers it as `{ message, documentation_url, status, errors? }`. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly Readonly<Record<string, string>>[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    more: {
      readonly errors?: readonly Readonly<Record<string, string>>[];
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }
}
