import { strToU8, zipSync } from "fflate";
import { REPORT_LIMITS } from "../../src/core/evidence/reports/limits.ts";
import { REPORT_FORMATS } from "../../src/core/evidence/reports/read-report.ts";
import { RESULT_MAX_CHARS } from "../../src/core/evidence/worker-result.ts";
import { BOMBS } from "../core/evidence/reports/hostile-texts.ts";

/** Something that is made to cost its reader far more than its own length, and what is said of it. */
export type HostileRead =
  | {
      readonly kind: "text";
      readonly name: string;
      readonly format: string;
      readonly make: () => string;
      readonly why: RegExp;
    }
  | {
      readonly kind: "archive";
      readonly name: string;
      readonly make: () => Uint8Array;
      readonly why: RegExp;
    };

const MB = 1024 ** 2;

const RESULTS: readonly (readonly [string, () => string, RegExp])[] = [
  ["more text than is taken", () => " ".repeat(RESULT_MAX_CHARS + 1), /more than 8388608/],
  ["brackets", () => "[".repeat(RESULT_MAX_CHARS), /deeper than 64/],
  ["a million values", () => `[${"0,".repeat(1_000_000)}0]`, /does not follow/],
  [
    "a million wrong labels",
    () =>
      `{"metrics":[${listOf(70, () => `{"name":"a","value":1,"labels":{${listOf(10_000, (n) => `"${n}":1`)}}}`)}]}`,
    /does not follow/,
  ],
  ["a million wrong metrics", () => `{"metrics":[${"0,".repeat(1_000_000)}0]}`, /does not follow/],
  [
    "hundreds of thousands of labels",
    () => `{"metrics":[{"name":"a","value":1,"labels":{${listOf(500_000, (n) => `"l${n}":1`)}}}]}`,
    /more than 20001 keys/,
  ],
];

const ARCHIVES: readonly (readonly [string, () => Uint8Array, RegExp])[] = [
  ["a hundred megabytes of nothing", () => zipSync({ "result.json": new Uint8Array(100 * MB) }), /100 times/],
  [
    "as much beside the result",
    () => zipSync({ "result.json": strToU8("{}"), bomb: new Uint8Array(100 * MB) }),
    /100 times/,
  ],
  [
    "a size that is a lie",
    () => declareSize(zipSync({ "result.json": new Uint8Array(100 * MB) }), 100_000),
    /./,
  ],
  [
    "more bytes than are unpacked",
    () => zipSync({ "result.json": fillThinly(60 * MB) }),
    /more than 52428800 bytes/,
  ],
  [
    "sixty thousand entries",
    () => zipSync(Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`f${n}`, new Uint8Array()]))),
    /60000 entries/,
  ],
];

export const HOSTILE_READS: readonly HostileRead[] = [
  ...BOMBS.map(([name, format, make, why]) => ({ kind: "text", name, format, make, why }) as const),
  ...REPORT_FORMATS.map(({ format }) => ({
    kind: "text" as const,
    name: "more text than is taken",
    format,
    make: () => "x".repeat(REPORT_LIMITS.chars + 1),
    why: /more than 16777216/,
  })),
  ...REPORT_FORMATS.map(({ format }) => ({
    kind: "text" as const,
    name: "the wrong encoding",
    format,
    make: () => "[\0]\0".repeat(REPORT_LIMITS.chars / 4),
    why: /NUL characters/,
  })),
  ...RESULTS.map(([name, make, why]) => ({ kind: "text", name, format: "result.json", make, why }) as const),
  ...ARCHIVES.map(([name, make, why]) => ({ kind: "archive", name, make, why }) as const),
];

function listOf(count: number, make: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => make(index)).join(",");
}

/** Bytes of which every fiftieth is something, so that they are packed to less than a hundredth of nothing. */
function fillThinly(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 50) bytes[at] = (at * 2_654_435_761) >>> 13;
  return bytes;
}

/** The same archive of one entry with another size written into both of its headers. */
function declareSize(archive: Uint8Array, size: number): Uint8Array {
  const bytes = Buffer.from(archive);
  bytes.writeUInt32LE(size, bytes.indexOf("PK\u0003\u0004") + 22);
  bytes.writeUInt32LE(size, bytes.lastIndexOf("PK\u0001\u0002") + 24);
  return bytes;
}
