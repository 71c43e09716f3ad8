import type { Approval } from "../../../src/core/pull/review.ts";
import type { Actor, Permission } from "../../../src/core/repo.ts";
import { PEOPLE, personOf } from "./people.ts";

type ReviewState = "approved" | "changes_requested" | "commented" | "dismissed";

interface Review {
  readonly pull: number;
  readonly by: Actor;
  readonly sha: string;
  /** Where the commit was to be merged into when it was said. */
  readonly base: string;
  readonly at: number;
  state: ReviewState;
}

type Said = Omit<Review, "at" | "state">;
type Seen = Pick<Said, "pull" | "sha" | "base">;

const WRITERS: ReadonlySet<Permission> = new Set(["write", "maintain", "admin"]);
const MAINTAINERS: ReadonlySet<Permission> = new Set(["maintain", "admin"]);
/** What no person can set aside. */
const FINAL_GATES: ReadonlySet<string> = new Set(["head", "approval", "queue"]);

/** Where a commit is to be merged into: a task's goes where its work began, and is judged nowhere else. */
export function baseOf(pull: {
  readonly openedFor: string | null;
  readonly baseRef: string;
  readonly firstBase: string;
}): string {
  return pull.openedFor === null ? pull.baseRef : pull.firstBase;
}

/** What people said about commits of pull requests, and whether it counts: kept by the model, never asked of the product. */
export class Voices {
  readonly permissions = new Map<string, Permission>(
    Object.values(PEOPLE).map(({ login, permission }) => [login, permission]),
  );
  #approvals: readonly Said[] = [];
  #reviews: readonly Review[] = [];
  #overrides: readonly (Said & { readonly gate: string })[] = [];
  /** What is taken back by comments that nobody has heard yet. */
  readonly #unheard = new Map<number, () => void>();

  /** Somebody writes the command that approves a commit. */
  approve(seen: Seen, login: string): void {
    const by = personOf(login);
    if (by.type === "User" && this.#may(login, WRITERS))
      this.#approvals = [...this.#approvals, { ...seen, by }];
  }

  /** Somebody takes their word back by a comment; until it is heard, nobody can know. */
  unapprove(pull: number, login: string, comment: number): void {
    const { id } = personOf(login);
    this.#unheard.set(comment, () => {
      if (this.#may(login, WRITERS))
        this.#approvals = this.#approvals.filter((said) => said.pull !== pull || said.by.id !== id);
    });
  }

  /** Somebody sets a gate aside for a commit. */
  override(said: Seen & { readonly gate: string }, login: string): void {
    const by = personOf(login);
    if (by.type !== "User" || !this.#may(login, MAINTAINERS) || FINAL_GATES.has(said.gate)) return;
    this.#overrides = [...this.#overrides, { ...said, by }];
  }

  hear(comment: number): void {
    this.#unheard.get(comment)?.();
    this.#unheard.delete(comment);
  }

  review(said: Said & { readonly at: number }, state: ReviewState): void {
    this.#reviews = [...this.#reviews, { ...said, state }];
  }

  /** A maintainer makes a person's last word void. */
  dismiss(pull: number, login: string): void {
    const last = this.#reviews.findLast((said) => said.pull === pull && said.by.login === login);
    if (last !== undefined) last.state = "dismissed";
  }

  /** The approving reviews that stand on GitHub, of whoever may write now; a bot's too, since GitHub shows it. */
  standingReviews(pull: number): readonly Approval[] {
    return this.#standing(pull).map(({ sha, by, at }) => ({ sha, by, at }));
  }

  /** Every approving review that was ever given, whatever came after it. */
  everyReview(pull: number): readonly Approval[] {
    return this.#reviews
      .filter((said) => said.pull === pull && said.state !== "commented")
      .map(({ sha, by, at }) => ({ sha, by, at }));
  }

  /** People whose approval of exactly this commit for this base stands. */
  approversOf(seen: Seen): readonly number[] {
    const said = [...this.#approvals, ...this.#standing(seen.pull)];
    const people = said.filter((known) => isOf(known, seen) && known.by.type === "User");
    return [...new Set(people.map(({ by }) => by.id))];
  }

  /** Gates that somebody who has no part in the change set aside for exactly this commit and base. */
  gatesSetAside(seen: Seen, interested: readonly number[]): readonly string[] {
    return this.#overrides
      .filter((said) => isOf(said, seen) && !interested.includes(said.by.id))
      .map(({ gate }) => gate);
  }

  #standing(pull: number): readonly Review[] {
    return [...this.#lastWords(pull)].filter(
      ({ state, by }) => state === "approved" && this.#may(by.login, WRITERS),
    );
  }

  #lastWords(pull: number): Iterable<Review> {
    const decisive = this.#reviews.filter((said) => said.pull === pull && said.state !== "commented");
    return new Map(decisive.map((said) => [said.by.id, said])).values();
  }

  #may(login: string, permissions: ReadonlySet<Permission>): boolean {
    return permissions.has(this.permissions.get(login) ?? "none");
  }
}

function isOf(said: Seen, { pull, sha, base }: Seen): boolean {
  return said.pull === pull && said.sha === sha && said.base === base;
}
