import { existsSync, readFileSync } from "node:fs";

const STATUS = "/proc/self/status";

/** The most resident memory that this process has had, in bytes. Where Linux says it, without what its parent had. */
export function readPeakMemory(): number {
  const status = existsSync(STATUS) ? readFileSync(STATUS, "utf8") : "";
  const kibibytes = /^VmHWM:\s*(\d+) kB$/mu.exec(status)?.[1];
  return (kibibytes === undefined ? process.resourceUsage().maxRSS : Number(kibibytes)) * 1_024;
}
