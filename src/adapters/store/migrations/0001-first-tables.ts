import { sql } from "kysely";
import type { Migration } from "kysely/migration";

const STATEMENTS = [
  `create table repositories (
    id bigint primary key,
    installation_id bigint not null,
    owner text not null,
    name text not null,
    status text not null check (status in ('active', 'suspended', 'removed')),
    stored jsonb not null,
    queue_length integer not null default 0
  )`,
  `create table deliveries (
    guid text primary key,
    name text not null,
    action text,
    repo_id bigint,
    received_at double precision not null,
    status text not null check (status in ('received', 'processed', 'ignored', 'dead')),
    reason text,
    event jsonb
  )`,
  "create index deliveries_by_age on deliveries (received_at)",
  "create index deliveries_dead on deliveries (received_at) where status = 'dead'",
  "create sequence lease_tokens",
  `create table lanes (
    queue text not null,
    lane text not null,
    ready_at double precision not null,
    token bigint not null default 0,
    leased_until timestamptz,
    primary key (queue, lane)
  )`,
  "create index lanes_ready on lanes (queue, ready_at)",
  `create table jobs (
    id bigint generated always as identity primary key,
    queue text not null,
    lane text not null,
    repo_id bigint not null,
    key text,
    guid text,
    body jsonb not null,
    tries integer not null default 0
  )`,
  "create index jobs_in_lane on jobs (queue, lane, id)",
  "create unique index jobs_waiting_once on jobs (queue, key) where key is not null",
  `create table tasks (
    id text primary key,
    repo_id bigint not null,
    issue bigint not null,
    generation integer not null,
    state text not null,
    rank_at double precision not null,
    wake_at double precision,
    roadmap_id text,
    pull_number bigint,
    head_sha text,
    updated_at double precision not null,
    data jsonb not null
  )`,
  `create unique index tasks_one_live on tasks (repo_id, issue)
    where state not in ('done', 'failed', 'cancelled')`,
  "create index tasks_queue on tasks (repo_id, rank_at, id) where state = 'queued'",
  `create index tasks_active on tasks (repo_id, state)
    where state in ('running', 'verifying', 'blocked', 'needs-info')`,
  "create index tasks_due on tasks (wake_at) where wake_at is not null",
  "create index tasks_of_issue on tasks (repo_id, issue, generation)",
  "create index tasks_of_pull on tasks (repo_id, pull_number) where pull_number is not null",
  "create index tasks_of_sha on tasks (repo_id, head_sha) where head_sha is not null",
  `create index tasks_done_roadmap on tasks (repo_id, roadmap_id)
    where state = 'done' and roadmap_id is not null`,
  "create index tasks_changed on tasks (repo_id, updated_at)",
  `create table attempts (
    correlation text primary key,
    repo_id bigint not null,
    task_id text not null,
    run_id bigint,
    state text not null,
    dispatched_at double precision not null,
    data jsonb not null
  )`,
  "create index attempts_of_task on attempts (task_id)",
  "create index attempts_of_run on attempts (repo_id, run_id) where run_id is not null",
  `create index attempts_in_flight on attempts (repo_id)
    where state in ('dispatching', 'dispatched', 'running')`,
  `create table usage_days (
    repo_id bigint not null,
    day double precision not null,
    minutes double precision not null,
    usd double precision not null,
    primary key (repo_id, day)
  )`,
  `create table effects (
    key text primary key,
    sort text not null check (sort in ('projection', 'action')),
    kind text not null,
    repo_id bigint not null,
    subject text not null,
    task_id text,
    state text not null default 'waiting' check (state in ('waiting', 'trying', 'done', 'refused')),
    desired jsonb,
    version integer not null default 1,
    applied_version integer not null default 0,
    tries integer not null default 0,
    first_tried_at double precision,
    remote_id text,
    outcome jsonb,
    created_at double precision not null,
    updated_at double precision not null
  )`,
  "create index effects_of_task on effects (task_id) where task_id is not null",
  `create table audit (
    repo_id bigint not null,
    seq bigint not null,
    prev_hash text not null,
    hash text not null,
    at double precision not null,
    kind text not null,
    actor text not null,
    task_id text,
    data jsonb not null,
    primary key (repo_id, seq)
  )`,
  `create table audit_heads (
    repo_id bigint primary key,
    seq bigint not null,
    hash text not null
  )`,
  `create function refuse_audit_change() returns trigger language plpgsql as $$
    begin
      raise exception 'the audit log is append-only';
    end $$`,
  `create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function refuse_audit_change()`,
  "create table marks (key text primary key, value text not null)",
  "create table content_writes (installation_id bigint not null, at double precision not null)",
  "create index content_writes_by_age on content_writes (installation_id, at)",
  `create table installation_pauses (
    installation_id bigint primary key,
    until double precision not null
  )`,
];

export const firstTables: Migration = {
  async up(db) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
