import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { readPeakMemory } from "../../bench/read-peak-memory.ts";
import { readZippedFile } from "../../src/adapters/github/artifacts/read-zipped-file.ts";
import { readReport } from "../../src/core/evidence/reports/read-report.ts";
import { readWorkerResult } from "../../src/core/evidence/worker-result.ts";
import { HOSTILE_READS, type HostileRead } from "./hostile-reads.ts";

/** A process that reads one hostile input, and prints what it said of it and what that cost. */
const [index = "", path = ""] = process.argv.slice(2);
const input = HOSTILE_READS[Number(index)];
if (input === undefined) throw new Error(`There is no hostile input ${index}`);

const read = prepare(input);
globalThis.gc?.();
forgetPeak();
const before = { rss: process.memoryUsage.rss(), cpu: process.threadCpuUsage() };
const why = await read();
const { user, system } = process.threadCpuUsage(before.cpu);
process.stdout.write(
  JSON.stringify({
    why,
    cpuMs: (user + system) / 1000,
    grownMb: (readPeakMemory() - before.rss) / 1024 ** 2,
  }),
);

/** Everything that the reading needs is in memory before it is measured. */
function prepare(input: HostileRead): () => Promise<string> | string {
  if (input.kind === "archive") {
    const archive = readFileSync(path);
    return async () => {
      const file = await readZippedFile(archive, "result.json");
      return file.kind === "found" ? "it was read" : file.why;
    };
  }
  const text = input.make();
  if (input.format === "result.json") {
    return () => {
      const result = readWorkerResult(text);
      return result.ok ? "it was read" : result.error;
    };
  }
  return () => {
    const reading = readReport(input.format, text);
    return reading.ok ? "it was read" : reading.why;
  };
}

/** Linux can begin to count anew, so that what the preparation took is not taken for room. */
function forgetPeak(): void {
  const file = "/proc/self/clear_refs";
  if (existsSync(file)) writeFileSync(file, "5");
}
