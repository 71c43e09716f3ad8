import { existsSync, statfsSync } from "node:fs";
import { freemem } from "node:os";
import { defineConfig } from "vitest/config";

const MEMORY_DISK = "/dev/shm";
const GIB = 1024 ** 3;

/** Every story has a database of its own; on a disk in memory, its commits cost a fifth of the time. */
function findTemporaryFolder(): { readonly TMPDIR?: string } {
  if (!existsSync(MEMORY_DISK) || freemem() < 4 * GIB) return {};
  const { bavail, bsize } = statfsSync(MEMORY_DISK);
  return bavail * bsize < 2 * GIB ? {} : { TMPDIR: MEMORY_DISK };
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/faults/**"],
    env: findTemporaryFolder(),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
