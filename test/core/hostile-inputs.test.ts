import { expect, it } from "vitest";
import { parseCommands } from "../../src/core/commands/parse-commands.ts";
import { parseConfig } from "../../src/core/config/parse-config.ts";
import { readWorkerResult } from "../../src/core/evidence/worker-result.ts";
import type { ChangedFile } from "../../src/core/facts.ts";
import { findWeakenings } from "../../src/core/gate/weakening/find-weakenings.ts";
import { readDependencies } from "../../src/core/plan/task/read-dependencies.ts";
import { parseRoadmap } from "../../src/core/roadmap/parse-roadmap.ts";
import { busyMs } from "../support/busy-ms.ts";

/** GitHub gives up an acknowledgement after 10 s; nothing that people write may hold the process for a tenth of that. */
const LONGEST_STEP_MS = 1_000;
const REPO = { owner: "acme", name: "demo" };

function patchOf(line: string): ChangedFile {
  const lines = Math.floor(400_000 / (line.length + 2));
  const patch = `@@ -1,${lines} +1,${lines} @@\n${`+${line}\n`.repeat(lines)}`;
  return {
    path: "test/a.test.ts",
    previousPath: null,
    status: "modified",
    additions: lines,
    deletions: 0,
    patch,
  };
}

const STEPS: readonly (readonly [string, () => unknown])[] = [
  [
    "a configuration of as many keys as fit",
    () => parseConfig(Array.from({ length: 9_000 }, (_, i) => `k${i}: 1`).join("\n")),
  ],
  ["a configuration of brackets", () => parseConfig("[".repeat(65_536))],
  [
    "a roadmap of as many tasks as fit",
    () => parseRoadmap(`version: 1\ntasks:\n${"  - { id: a, title: b }\n".repeat(2_700)}`),
  ],
  ["a comment of nested quotes", () => parseCommands(`${">".repeat(8_000)} /orchestrate run`)],
  ["a comment of emphasis", () => parseCommands("*_".repeat(8_000))],
  ["an issue of references", () => readDependencies(`Depends-On: ${"#1 ".repeat(20_000)}`, REPO)],
  ["an issue of blanks", () => readDependencies(`Depends-On:${" ".repeat(65_000)}x`, REPO)],
  ["a patch of brackets", () => findWeakenings(patchOf("((((((((((((((((((((((("))],
  ["a patch of assertions", () => findWeakenings(patchOf("expect(a).toBe(1);"))],
  ["a result of nested arrays", () => readWorkerResult("[".repeat(1_000_000))],
];

it.each(STEPS)("F018 %s does not hold up acknowledgements", (_, step) => {
  const startedAt = busyMs();
  step();
  expect(busyMs() - startedAt).toBeLessThan(LONGEST_STEP_MS);
});
