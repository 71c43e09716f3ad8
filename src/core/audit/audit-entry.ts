/** One decision or effect as the audit keeps it; `data` holds facts, never a payload or a secret. */
export interface AuditEntry {
  readonly kind: string;
  /** Login of who caused it, or `orchestrator`. */
  readonly actor: string;
  readonly taskId: string | null;
  readonly at: number;
  readonly data: Readonly<Record<string, unknown>>;
}
