import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import type { BenchOptions } from "./figure.ts";
import { formatNumber } from "./print-table.ts";
import { median } from "./statistics.ts";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const SYNCS = 200;

/** What the figures were measured on, one fact per line. */
export async function describeMachine({
  dir,
  seed,
  adminUrl,
}: BenchOptions): Promise<Readonly<Record<string, string>>> {
  const [cpu] = cpus();
  return {
    processor: `${availableParallelism()} cores, ${cpu?.model.trim() ?? "unknown"}`,
    "busy before": `${formatNumber(loadavg()[0] ?? 0)} processes on average in the last minute`,
    memory: `${formatNumber(totalmem() / 2 ** 30)} GiB`,
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    probot: versionOf("probot"),
    embedded: `PGlite ${versionOf("@electric-sql/pglite")}`,
    postgresql:
      adminUrl === undefined ? "left out: TEST_DATABASE_URL is not set" : await readVersion(adminUrl),
    fdatasync: `${formatNumber(measureSync(join(dir, "sync")))} ms (p50 of ${SYNCS} writes of 8 KiB)`,
    seed: String(seed),
  };
}

function versionOf(name: string): string {
  const text = readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8");
  const { version } = JSON.parse(text) as { readonly version: string };
  return version;
}

async function readVersion(adminUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>("show server_version");
  await client.end();
  return rows[0]?.server_version ?? "unknown";
}

/** How long the disk takes to keep something for good, ms: what every durable figure is made of. */
function measureSync(file: string): number {
  const descriptor = openSync(file, "w");
  const block = Buffer.alloc(8_192, 1);
  const times = Array.from({ length: SYNCS }, () => {
    writeSync(descriptor, block);
    const startedAt = performance.now();
    fdatasyncSync(descriptor);
    return performance.now() - startedAt;
  });
  closeSync(descriptor);
  return median(times);
}
