/** What one request may hold without asking, so that large bodies can never crowd out ordinary ones. */
const FREE_BYTES = 256 * 1024;

/** Bounds the memory that all unfinished bodies hold together. */
export interface ByteBudget {
  open(): ByteShare;
}

/** One request's part of the budget. */
export interface ByteShare {
  /** False when there is no room for that many more bytes; nothing is taken then. */
  take(bytes: number): boolean;
  close(): void;
}

export function createByteBudget(maxBytes: number): ByteBudget {
  let taken = 0;
  return {
    open: () => {
      let held = 0;
      let charged = 0;
      return {
        take: (bytes) => {
          const charge = Math.max(0, held + bytes - FREE_BYTES) - charged;
          if (charge > 0 && taken + charge > maxBytes) return false;
          held += bytes;
          charged += charge;
          taken += charge;
          return true;
        },
        close: () => {
          taken -= charged;
          charged = 0;
          held = 0;
        },
      };
    },
  };
}
