/** An answer as it is used: data and the headers that paging needs. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

const MAX_ENTRIES = 300;

/** The last answer to each question, so that GitHub can say "still the same" for free. Oldest use goes first. */
export class EtagCache {
  readonly #entries = new Map<string, { readonly etag: string; readonly answer: Answer }>();

  get(key: string): { readonly etag: string; readonly answer: Answer } | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  set(key: string, answer: Answer): void {
    const { etag } = answer.headers;
    if (typeof etag !== "string" || answer.status !== 200) return;
    this.#entries.delete(key);
    this.#entries.set(key, { etag, answer });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
  }
}
