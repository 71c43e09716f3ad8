import { readdirSync, readFileSync } from "node:fs";
import { load } from "js-yaml";
import { z } from "zod";
import type { History } from "./play-history.ts";
import { RulesGiven, Step } from "./step.ts";

const FOLDER = new URL("../../../fixtures/pull-requests/", import.meta.url);
const BASES = "bases.yml";

const Written = z.strictObject({
  title: z.string().min(10),
  base: z.string(),
  rules: RulesGiven.default({}),
  steps: z.array(Step),
  /** What follows where only the change matters: the tests succeed and somebody approves. */
  // biome-ignore lint/suspicious/noThenProperty: it is the name of a key in a file, and nobody awaits it.
  then: z.enum(["green", "nothing"]).default("nothing"),
  right: z.strictObject({
    /** PASS, FAIL, BLOCKED; `refused` for either of the last two; `none` where no check is written. */
    verdict: z.string(),
    gate: z.string().optional(),
    merged: z.boolean().default(false),
    state: z.string().optional(),
    why: z.string().min(5),
  }),
});

/** One history of the corpus, with the right answer. */
export interface CorpusHistory {
  readonly file: string;
  readonly title: string;
  readonly history: History;
  readonly right: z.infer<typeof Written>["right"];
}

const GREEN = z.array(Step).parse([{ check: "test" }, { approve: { by: "alice" } }]);

function readYaml(file: string): unknown {
  return load(readFileSync(new URL(file, FOLDER), "utf8"));
}

/** Every history of the corpus, file by file. */
export function readCorpus(): readonly CorpusHistory[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".yml") && file !== BASES);
  return files.toSorted().flatMap((file) =>
    z
      .array(Written)
      .parse(readYaml(file))
      .map((written) => toHistory(file, written)),
  );
}

function toHistory(file: string, written: z.infer<typeof Written>): CorpusHistory {
  const { title, base, rules, right } = written;
  const steps = written.then === "green" ? [...written.steps, ...GREEN] : written.steps;
  const hasPassed = right.verdict === "PASS" && !steps.some((step) => step.work !== undefined);
  const goal = right.merged ? "merged" : hasPassed ? "passed" : null;
  return { file, title, right, history: { base, rules, steps, faults: [], goal } };
}
