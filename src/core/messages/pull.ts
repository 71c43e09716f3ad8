import { inline, paragraphs } from "./text.ts";

/** Description of a task's pull request; the worker's own words are quoted as what they are. */
export function pullBody(facts: {
  readonly issue: number;
  readonly role: string;
  readonly summary: string;
  /** What stops the task, as half a sentence. */
  readonly stop: string;
}): string {
  const summary = inline(facts.summary, 1500);
  return paragraphs(
    `For #${facts.issue}, by role \`${facts.role}\`.`,
    summary === "" ? undefined : `The worker says: ${summary}`,
    "The check **orchestrator / verify** holds the verdict; every push is verified again. " +
      `Status and history are on #${facts.issue}; ${facts.stop} there to stop.`,
  );
}
