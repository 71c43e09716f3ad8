import type { html } from "hono/html";
import type { Repo } from "../../world/records.ts";
import type { World } from "../../world/world.ts";

/** A piece of HTML in which everything foreign is already escaped. */
export type Html = ReturnType<typeof html>;

/** One request for a page. */
export interface Visit {
  readonly world: World;
  readonly now: Date;
  readonly path: string;
  readonly query: URLSearchParams;
  /** A named part of the path, decoded; "" when the path has no such part. */
  readonly part: (name: string) => string;
}

/** A visit to one repository. */
export interface RepoVisit extends Visit {
  readonly repo: Repo;
}

/** What a page answers; undefined stands for "there is no such page". */
export type PageAnswer = Page | PageFile | { readonly kind: "redirect"; readonly to: string };

export interface Page {
  readonly kind: "page";
  readonly title: string;
  readonly body: Html;
  /** Path of one more stylesheet. */
  readonly stylesheet?: string;
}

export interface PageFile {
  readonly kind: "file";
  readonly mediaType: string;
  readonly content: string | Uint8Array;
  /** With a name the browser saves the file instead of showing it. */
  readonly saveAs?: string;
}

/** A page by its path in Hono's notation. */
export interface PageRoute<V extends Visit = Visit> {
  readonly path: string;
  readonly answer: (visit: V) => PageAnswer | undefined;
}
