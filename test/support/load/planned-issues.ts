import { type Answer, type Answers, writeAnswers } from "../small-repository.ts";
import { BREAKING_PATH, HOT_PATH, type LoadLabel, PROTECTED_PATH, SHARED_PATH } from "./load-repository.ts";

/** What a person does about an issue after it was handed over. */
export type Intervention =
  | "approve"
  | "hold-and-unhold"
  | "cancel"
  | "unlabel"
  | "close"
  | "retry"
  | "cancel-run";

/** How an issue comes to rest: the word of its label, and a reason code where it waits. */
export interface End {
  readonly state: "done" | "failed" | "cancelled" | "blocked" | "queued";
  readonly reason?: string;
}

/** An issue, how its workers answer, what people do about it, and how it has to end. */
export interface PlannedIssue {
  readonly title: string;
  readonly label: LoadLabel;
  readonly answers: Answers;
  /** Titles of issues that it waits for. */
  readonly dependsOn?: readonly string[];
  readonly paths?: string;
  readonly person?: Intervention;
  readonly ends: End;
  /** Passes through the pipeline, from at least to at most. */
  readonly attempts: readonly [number, number];
}

const DONE: End = { state: "done" };
const ONCE = [1, 1] as const;
/** Longer than any play lasts, so that only a person or a deadline ends it. */
const FOR_EVER_MS = 900_000;

function change(name: string): Answer {
  const path = `src/${name.replaceAll(/[^a-z0-9]+/giu, "-").toLowerCase()}.mjs`;
  return { changes: { [path]: `export const name = ${JSON.stringify(name)};\n` } };
}

function fails(summary: string): Answer {
  return { outcome: "failed", summary };
}

const GOOD_FIGURES: Answers = { generate: [{}], train: [{}], verify: [figures(0.8)] };

function figures(r2: number): Answer {
  return { metrics: [{ name: "r2", value: r2 }] };
}

function agentTask(title: string, label: LoadLabel, more: Partial<PlannedIssue> = {}): PlannedIssue {
  return { title, label, answers: { agent: [change(title)] }, ends: DONE, attempts: ONCE, ...more };
}

function dataTask(title: string, label: LoadLabel, more: Partial<PlannedIssue> = {}): PlannedIssue {
  return { title, label, answers: GOOD_FIGURES, ends: DONE, attempts: ONCE, ...more };
}

function sharing(title: string, path: string, more: Partial<PlannedIssue> = {}): PlannedIssue {
  const text = `export const changedBy = ${JSON.stringify(title)};\n`;
  return agentTask(title, "feature", { answers: { agent: [{ changes: { [path]: text } }] }, ...more });
}

const WORKS_FOR_EVER = {
  answers: { agent: [{ worksMs: FOR_EVER_MS }] },
  ends: { state: "cancelled" },
} as const;
const PATHS = `Paths: ${SHARED_PATH}`;

/** Thirty issues of every sort; `variant` changes how the hopeless one fails and how the last one is taken back. */
export function planIssues(variant: "first" | "second"): readonly PlannedIssue[] {
  const isFirst = variant === "first";
  const hopeless = isFirst ? fails("the same each time") : { isSilent: true };
  return [
    agentTask("Bug one", "bug"),
    agentTask("Bug two", "bug"),
    agentTask("Feature one", "feature"),
    agentTask("Feature two", "feature"),
    dataTask("Figures one", "data"),
    dataTask("Figures two", "data"),
    dataTask("Figures in three stages", "data-long"),
    dataTask("Figures that need more days", "data-long", {
      answers: { ...GOOD_FIGURES, verify: [figures(0.3), figures(0.8)] },
      attempts: [2, 2],
    }),
    agentTask("Right at the second try", "bug", {
      answers: { agent: [fails("I misread it"), change("second try")] },
      attempts: [2, 2],
    }),
    agentTask("Breaks the tests first", "feature", {
      answers: { agent: [{ changes: { [BREAKING_PATH]: "broken\n" } }, change("not broken")] },
      attempts: [2, 2],
    }),
    agentTask("Never gets it right", "bug", {
      answers: { agent: [hopeless] },
      ends: { state: "failed" },
      attempts: [3, 3],
    }),
    agentTask("Fails until nothing is left", "bug", {
      answers: { agent: [fails("one"), { isSilent: true }, fails("three"), { isSilent: true }] },
      ends: { state: "failed" },
      attempts: [4, 4],
    }),
    agentTask("Returns nothing first", "bug", {
      answers: { agent: [{ isSilent: true }, change("something")] },
      attempts: [2, 2],
    }),
    // A run that begins late on a busy machine may be late as well.
    agentTask("Hangs first", "slow", {
      answers: { slow: [{ worksMs: FOR_EVER_MS }, change("no longer hanging")] },
      attempts: [2, 4],
    }),
    ...["one", "two", "three"].map((name) => sharing(`Shared ${name}`, SHARED_PATH, { paths: PATHS })),
    // Whoever is merged second may have to do it again.
    ...["one", "two"].map((name) => sharing(`Hot ${name}`, HOT_PATH, { attempts: [1, 3] })),
    agentTask("After bug one", "bug", { dependsOn: ["Bug one"] }),
    agentTask("After after bug one", "feature", { dependsOn: ["After bug one", "Figures one"] }),
    agentTask("After what never works", "bug", {
      dependsOn: ["Never gets it right"],
      ends: { state: "queued", reason: "dependency.open" },
      attempts: [0, 0],
    }),
    agentTask("Reviewed one", "reviewed", { person: "approve" }),
    agentTask("Reviewed two", "reviewed", { person: "approve" }),
    agentTask("Held for a while", "feature", { dependsOn: ["Hangs first"], person: "hold-and-unhold" }),
    agentTask("Cancelled by a command", "feature", { ...WORKS_FOR_EVER, person: "cancel" }),
    agentTask("Taken back", "bug", { ...WORKS_FOR_EVER, person: isFirst ? "unlabel" : "close" }),
    agentTask("Has a question", "feature", {
      answers: { agent: [{ outcome: "blocked", summary: "Which of the two?" }, change("answered")] },
      person: "retry",
      attempts: [2, 2],
    }),
    agentTask("Wants what is protected", "bug", {
      answers: { agent: [{ changes: { [PROTECTED_PATH]: "name: nothing\n" } }] },
      ends: { state: "blocked" },
    }),
    agentTask("Is cancelled on GitHub", "feature", {
      answers: { agent: [{ ...change("not cancelled"), worksMs: 5_000 }] },
      person: "cancel-run",
    }),
  ];
}

/** The text of an issue, where `numberOf` knows the numbers of the others. */
export function writeIssue(issue: PlannedIssue, numberOf: (title: string) => number): string {
  const waits = (issue.dependsOn ?? []).map((title) => `Depends-On: #${numberOf(title)}`);
  const lines = [...waits, ...(issue.paths === undefined ? [] : [issue.paths])];
  return `${lines.join("\n")}${writeAnswers(issue.answers)}`;
}
