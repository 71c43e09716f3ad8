interface CacheOptions<T> {
  readonly now: () => number;
  readonly maxAgeMs: number;
  /** Of all entries together; one that is larger alone is not kept. */
  readonly maxChars: number;
  readonly charsOf: (value: T) => number;
}

const MAX_ENTRIES = 500;

/** Values that hold long texts, for a while. Oldest use goes first. */
export class TextCache<T> {
  readonly #options: CacheOptions<T>;
  readonly #entries = new Map<string, { readonly value: T; readonly chars: number; readonly at: number }>();
  #chars = 0;

  constructor(options: CacheOptions<T>) {
    this.#options = options;
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#remove(key);
    if (this.#options.now() - entry.at > this.#options.maxAgeMs) return undefined;
    this.#add(key, entry);
    return entry.value;
  }

  set(key: string, value: T): void {
    const { charsOf, now, maxChars } = this.#options;
    this.#remove(key);
    this.#add(key, { value, chars: charsOf(value), at: now() });
    for (const oldest of this.#entries.keys()) {
      if (this.#chars <= maxChars && this.#entries.size <= MAX_ENTRIES) return;
      this.#remove(oldest);
    }
  }

  #add(key: string, entry: { readonly value: T; readonly chars: number; readonly at: number }): void {
    this.#entries.set(key, entry);
    this.#chars += entry.chars;
  }

  #remove(key: string): void {
    this.#chars -= this.#entries.get(key)?.chars ?? 0;
    this.#entries.delete(key);
  }
}
