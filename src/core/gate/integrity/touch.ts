/** One place where a change touches what proves the work. */
export interface Touch {
  readonly path: string;
  /** From 1; null where the file as a whole is meant. */
  readonly line: number | null;
  /** What happens there; what it quotes of others is harmless already. */
  readonly what: string;
}
