interface Item {
  readonly at: number;
  readonly serial: number;
  readonly wake: () => void;
}

/**
 * Time that passes only when nothing else is left to do. What is under way is one of several strands, of which exactly one
 * runs at a moment; where it sleeps, others may come in between. The same strands give the same history.
 */
export class Timeline {
  #now: number;
  #serial = 0;
  #rested = (): void => undefined;
  #failure: { readonly error: unknown } | null = null;
  readonly #heap: Item[] = [];

  constructor(now: number) {
    this.#now = now;
  }

  get now(): number {
    return this.#now;
  }

  /** Begins a strand of its own at a moment; what it throws ends the whole run. */
  at(moment: number, work: () => void | Promise<void>): void {
    this.#push(moment, () => {
      Promise.resolve()
        .then(work)
        .catch((error: unknown) => {
          this.#failure ??= { error };
        })
        .finally(() => this.#rested());
    });
  }

  /** Lets the strand that runs rest. It must not await anything else that sleeps at the same time. */
  async sleep(ms: number): Promise<void> {
    const woken = Promise.withResolvers<void>();
    this.#push(this.#now + Math.max(0, ms), woken.resolve);
    this.#rested();
    await woken.promise;
  }

  /** The strand that runs never goes on: its process is gone. */
  async perish(): Promise<never> {
    this.#rested();
    return new Promise<never>(() => undefined);
  }

  /** Lets everything happen that happens until a moment. */
  async runUntil(end: number): Promise<void> {
    for (let next = this.#heap[0]; next !== undefined && next.at <= end; next = this.#heap[0]) {
      this.#pop();
      this.#now = Math.max(this.#now, next.at);
      const rested = Promise.withResolvers<void>();
      this.#rested = rested.resolve;
      next.wake();
      await rested.promise;
      if (this.#failure !== null) throw this.#failure.error;
    }
    this.#now = Math.max(this.#now, end);
  }

  #push(at: number, wake: () => void): void {
    this.#serial += 1;
    const heap = this.#heap;
    heap.push({ at: Math.max(at, this.#now), serial: this.#serial, wake });
    let index = heap.length - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      if (!this.#isBefore(index, above)) break;
      this.#swap(index, above);
      index = above;
    }
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    let index = 0;
    for (let next = this.#firstBelow(index); this.#isBefore(next, index); next = this.#firstBelow(index)) {
      this.#swap(index, next);
      index = next;
    }
  }

  #firstBelow(index: number): number {
    const left = 2 * index + 1;
    return this.#isBefore(left + 1, left) ? left + 1 : left;
  }

  #isBefore(one: number, other: number): boolean {
    const a = this.#heap[one];
    const b = this.#heap[other];
    if (a === undefined || b === undefined) return false;
    return a.at - b.at < 0 || (a.at === b.at && a.serial < b.serial);
  }

  #swap(one: number, other: number): void {
    const a = this.#heap[one];
    const b = this.#heap[other];
    if (a === undefined || b === undefined) return;
    this.#heap[one] = b;
    this.#heap[other] = a;
  }
}
