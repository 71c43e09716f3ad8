import type { ColumnType, Generated } from "kysely";

/** Written as JSON text, read as whatever is in there: decoded before use. */
type Json = ColumnType<unknown, string, string>;

/** Times are ms since epoch by the app's clock; only leases go by the database's clock. */
export interface Database {
  repositories: RepositoryTable;
  deliveries: DeliveryTable;
  lanes: LaneTable;
  jobs: JobTable;
  tasks: TaskTable;
  attempts: AttemptTable;
  pulls: PullTable;
  usage_days: UsageDayTable;
  effects: EffectTable;
  audit: AuditTable;
  audit_heads: AuditHeadTable;
  marks: { key: string; value: string };
  content_writes: { installation_id: number; at: number };
  stops: { scope: string; source: string; data: Json };
  installation_pauses: { installation_id: number; until: number };
}

interface RepositoryTable {
  id: number;
  installation_id: number;
  owner: string;
  name: string;
  status: "active" | "suspended" | "removed";
  stored: Json;
  queue_length: Generated<number>;
}

interface DeliveryTable {
  guid: string;
  name: string;
  action: string | null;
  repo_id: number | null;
  received_at: number;
  status: "received" | "processed" | "ignored" | "dead";
  reason: string | null;
  event: ColumnType<unknown, string | null, string | null>;
}

interface LaneTable {
  queue: string;
  lane: string;
  ready_at: number;
  token: Generated<number>;
  leased_until: Date | null;
}

interface JobTable {
  id: Generated<number>;
  queue: string;
  lane: string;
  repo_id: number;
  key: string | null;
  guid: string | null;
  body: Json;
  tries: Generated<number>;
}

interface TaskTable {
  id: string;
  repo_id: number;
  issue: number;
  generation: number;
  state: string;
  sort: Generated<string>;
  rank_at: number;
  wake_at: number | null;
  roadmap_id: string | null;
  pull_number: number | null;
  head_sha: string | null;
  updated_at: number;
  data: Json;
}

interface AttemptTable {
  correlation: string;
  repo_id: number;
  task_id: string;
  run_id: number | null;
  state: string;
  dispatched_at: number;
  data: Json;
}

interface PullTable {
  id: string;
  repo_id: number;
  kind: "pull" | "group";
  number: number;
  state: "open" | "closed";
  head_sha: string;
  wake_at: number | null;
  updated_at: number;
  data: Json;
}

interface UsageDayTable {
  repo_id: number;
  day: number;
  minutes: number;
  usd: number;
}

interface EffectTable {
  key: string;
  sort: "projection" | "action";
  kind: string;
  repo_id: number;
  subject: string;
  task_id: string | null;
  state: Generated<"waiting" | "trying" | "done" | "refused">;
  /** Null once an action has ended: it is never done again, and may be large. */
  desired: ColumnType<unknown, string, string | null>;
  version: Generated<number>;
  applied_version: Generated<number>;
  tries: Generated<number>;
  first_tried_at: number | null;
  remote_id: string | null;
  outcome: ColumnType<unknown, string | null, string | null>;
  created_at: number;
  updated_at: number;
}

interface AuditTable {
  repo_id: number;
  seq: number;
  prev_hash: string;
  hash: string;
  at: number;
  kind: string;
  actor: string;
  task_id: string | null;
  data: Json;
}

interface AuditHeadTable {
  repo_id: number;
  seq: number;
  hash: string;
}
