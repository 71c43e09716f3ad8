import { z } from "zod";

/** What a token may do: one repository, or everything its installation may. */
export interface TokenScope {
  readonly installationId: number;
  /** Null for the whole installation. */
  readonly repositoryId: number | null;
}

/** Installation tokens, minted when needed and never stored. */
export interface Tokens {
  get(scope: TokenScope): Promise<string>;
  /** The token did not work: mint another one. */
  forget(scope: TokenScope, token: string): Promise<void>;
}

const Minted = z.object({ token: z.string().min(1) });
/** They live for an hour by GitHub's clock; ten minutes less, counted from the minting, needs no agreement of clocks. */
const LIFETIME_MS = 50 * 60_000;
const MAX_TOKENS = 5_000;

export function createTokens({
  mint,
  now,
}: {
  mint: (scope: TokenScope) => Promise<unknown>;
  now: () => number;
}): Tokens {
  const tokens = new Map<string, { readonly token: Promise<string>; readonly until: number }>();

  return {
    get(scope) {
      const key = keyOf(scope);
      const known = tokens.get(key);
      if (known && known.until > now()) return known.token;
      const token = mint(scope).then((answer) => Minted.parse(answer).token);
      tokens.delete(key);
      tokens.set(key, { token, until: now() + LIFETIME_MS });
      dropOldest(tokens);
      // A minting that failed is no token to keep.
      token.catch(() => tokens.get(key)?.token === token && tokens.delete(key));
      return token;
    },
    async forget(scope, token) {
      const key = keyOf(scope);
      const known = tokens.get(key);
      // Another request may have replaced it already.
      if (known && (await known.token) === token && tokens.get(key) === known) tokens.delete(key);
    },
  };
}

function keyOf({ installationId, repositoryId }: TokenScope): string {
  return `${installationId}/${repositoryId ?? "*"}`;
}

function dropOldest(tokens: Map<string, unknown>): void {
  const [oldest] = tokens.keys();
  if (tokens.size > MAX_TOKENS && oldest !== undefined) tokens.delete(oldest);
}
