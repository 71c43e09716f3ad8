import type { IncomingMessage } from "node:http";
import type { ByteShare } from "./byte-budget.ts";

/** How the reading of a body ended, with the number of bytes that had arrived. */
export type BodyOutcome =
  | { readonly kind: "complete"; readonly bytes: number; readonly body: Buffer }
  | {
      readonly kind: "too_large" | "too_slow" | "too_fragmented" | "no_room" | "aborted";
      readonly bytes: number;
    };

export interface ReadBodyOptions {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly share: ByteShare;
}

const FIRST_CAPACITY = 16 * 1024;
/** A piece costs about a microsecond however small it is; GitHub sends a body in pieces of a packet or more. */
const FREE_PIECES = 4_096;
const MIN_MEAN_PIECE_BYTES = 64;

/** Reads a body up to a size and a deadline; whatever is too much is never kept. */
export function readBody(request: IncomingMessage, options: ReadBodyOptions): Promise<BodyOutcome> {
  const { maxBytes, timeoutMs, share } = options;
  if (Number(request.headers["content-length"]) > maxBytes) {
    return Promise.resolve({ kind: "too_large", bytes: 0 });
  }
  return new Promise((resolve) => {
    let kept: Buffer = Buffer.alloc(0);
    let bytes = 0;
    let pieces = 0;
    const timer = setTimeout(() => settle({ kind: "too_slow", bytes }), timeoutMs);

    function settle(outcome: BodyOutcome): void {
      clearTimeout(timer);
      request.off("data", onData).off("end", onEnd).off("close", onClose).off("error", onClose);
      request.pause();
      resolve(outcome);
    }
    function onData(chunk: Buffer): void {
      pieces += 1;
      if (bytes + chunk.length > maxBytes) settle({ kind: "too_large", bytes });
      else if (isFragmented(pieces, bytes)) settle({ kind: "too_fragmented", bytes });
      else if (!share.take(chunk.length)) settle({ kind: "no_room", bytes });
      else {
        kept = append(kept, { used: bytes, chunk, maxBytes });
        bytes += chunk.length;
      }
    }
    function onEnd(): void {
      settle({ kind: "complete", bytes, body: kept.subarray(0, bytes) });
    }
    function onClose(): void {
      settle({ kind: "aborted", bytes });
    }

    request.on("data", onData).once("end", onEnd).once("close", onClose).once("error", onClose);
  });
}

function isFragmented(pieces: number, bytes: number): boolean {
  return pieces > FREE_PIECES && bytes < pieces * MIN_MEAN_PIECE_BYTES;
}

interface Addition {
  readonly used: number;
  readonly chunk: Buffer;
  readonly maxBytes: number;
}

/** One growing buffer instead of a list that is joined at the end, so that a large body is never there twice. */
function append(kept: Buffer, { used, chunk, maxBytes }: Addition): Buffer {
  const needed = used + chunk.length;
  const target = needed <= kept.length ? kept : grow(kept, { used, needed, maxBytes });
  chunk.copy(target, used);
  return target;
}

function grow(kept: Buffer, size: { used: number; needed: number; maxBytes: number }): Buffer {
  const capacity = Math.min(size.maxBytes, Math.max(size.needed, kept.length * 2, FIRST_CAPACITY));
  const grown = Buffer.allocUnsafeSlow(capacity);
  kept.copy(grown, 0, 0, size.used);
  return grown;
}
