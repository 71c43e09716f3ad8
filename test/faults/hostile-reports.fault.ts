import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HOSTILE_READS } from "./hostile-reads.ts";

const CHILD = join(import.meta.dirname, "read-hostile.ts");
const MOST_CPU_MS = 1_000;
const MOST_MB = 64;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hostile-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a fresh process says of the input, and what that cost it. */
function readIn(index: number): { readonly why: string; readonly cpuMs: number; readonly grownMb: number } {
  const input = HOSTILE_READS[index];
  const path = join(folder, `${index}.zip`);
  if (input?.kind === "archive") writeFileSync(path, input.make());
  return JSON.parse(
    execFileSync(process.execPath, ["--expose-gc", CHILD, `${index}`, path], { encoding: "utf8" }),
  );
}

describe(`F074 F135 a refusal with a reason, within ${MOST_CPU_MS} ms and ${MOST_MB} MB, of`, () => {
  const rows = HOSTILE_READS.map((input, index) => {
    const format = input.kind === "text" ? input.format : "zip";
    return [`${format}: ${input.name}`, index, input.why] as const;
  });

  it.each(rows)("%s", (_name, index, why) => {
    const read = readIn(index);

    expect(read.why).toMatch(why);
    expect(read.cpuMs).toBeLessThan(MOST_CPU_MS);
    expect(read.grownMb).toBeLessThan(MOST_MB);
  });
});
