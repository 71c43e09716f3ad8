import type { CommandRow } from "../../commands/command-row.ts";
import { usageOf } from "../../commands/command-row.ts";
import type { Misplacement } from "../../commands/find-lines.ts";
import {
  LINE_MAX_CHARS,
  MAX_COMMANDS,
  type ParsedCommand,
  printArgument,
} from "../../commands/parse-commands.ts";
import type { Permission } from "../../repo.ts";
import { code, duration, paragraphs } from "../text.ts";

const BEFORE_CHARS = 80;
const WORD_CHARS = 60;

export function unknownCommandMessage(facts: {
  readonly verb: string;
  readonly suggestion: string | undefined;
}): string {
  const hint = facts.suggestion === undefined ? "" : ` Did you mean \`${facts.suggestion}\`?`;
  return `Unknown command ${code(facts.verb, WORD_CHARS)}.${hint} See \`/orchestrate help\`.`;
}

export function tooLongMessage(): string {
  return `A command line has at most ${LINE_MAX_CHARS.toLocaleString("en")} characters; this one is longer and was not read.`;
}

export interface ArgumentProblem {
  /** Index of the argument that is wrong; the number of arguments when one is missing, one more for the reason. */
  readonly at: number;
  readonly message: string;
}

/** How many wrong arguments are pointed at. */
const MAX_PROBLEMS = 3;

/** Points at the arguments that are wrong, and says how the command is written. */
export function argumentMessage(
  row: CommandRow,
  command: ParsedCommand,
  problems: readonly ArgumentProblem[],
): string {
  return paragraphs(
    ...problems.slice(0, MAX_PROBLEMS).map((problem) => pointAt(command, problem)),
    `Usage: \`${usageOf(row)}\``,
  );
}

function pointAt(command: ParsedCommand, problem: ArgumentProblem): string {
  const words = [`/orchestrate ${command.verb}`, ...command.args.map(printArgument)];
  const reason = command.reason === null ? [] : [`-- ${command.reason}`];
  const before = visible([...words, ...reason].slice(0, problem.at + 1).join(" "));
  const shown = before.length > BEFORE_CHARS ? `…${before.slice(1 - BEFORE_CHARS).toWellFormed()}` : before;
  const word = visible([...words, ...reason][problem.at + 1] ?? "");
  const cut = word.length > WORD_CHARS ? `${word.slice(0, WORD_CHARS - 1).toWellFormed()}…` : word;
  const caret = "^".repeat(Math.max(1, Math.min(cut.length, WORD_CHARS)));
  return [
    "```text",
    `${shown} ${cut}`.trimEnd(),
    `${" ".repeat(shown.length + 1)}${caret} ${problem.message}`,
    "```",
  ].join("\n");
}

/** One line without anything that is not seen, so that the caret stands where it should. */
function visible(text: string): string {
  return text.toWellFormed().replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "·");
}

/** Says once which commands need more than the author has. */
export function permissionMessage(facts: {
  readonly refused: readonly { readonly verb: string; readonly permission: Permission }[];
  readonly have: Permission;
}): string {
  const levels = Map.groupBy(facts.refused, (row) => row.permission);
  const needs = [...levels].map(([permission, rows]) => {
    const verbs = [...new Set(rows.map((row) => `\`${row.verb}\``))];
    return `${verbs.join(", ")} ${verbs.length === 1 ? "needs" : "need"} **${permission}**`;
  });
  return `Not done: ${needs.join("; ")}; you have **${facts.have}**.`;
}

export function staleMessage(facts: { readonly ageMs: number }): string {
  return `This was written ${duration(facts.ageMs)} before it arrived here, so it may not be what you want any more and was not done. Write it again if it is.`;
}

export function surplusMessage(facts: { readonly surplus: number }): string {
  return `A comment may have ${MAX_COMMANDS} commands; ${facts.surplus} more ${facts.surplus === 1 ? "was" : "were"} not done.`;
}

export function unreadMessage(): string {
  return "This comment is too long to be read for commands; write them in a comment of their own.";
}

const PLACES: Readonly<Record<Misplacement, string>> = {
  list: "in a list",
  quote: "part of the quote above it; leave an empty line between them",
  heading: "a heading; leave an empty line before a line of `-` or `=`",
  html: "inside of HTML",
  indented: "indented",
  lookalike: "written with characters that only look like `/orchestrate`",
  middle: "in the middle of a line",
};

/** Says why lines that look like commands were not done. */
export function misplacedMessage(places: readonly Misplacement[]): string {
  const what = places.map((place) => PLACES[place]).join("; or ");
  return `*Hint*: a line that looks like a command was not done, since it is ${what}. A command stands at the start of a line of its own, outside of quotes, lists, code and HTML. See \`/orchestrate help\`.`;
}

/** For a command in a review, or beside a line of the change, where none is read. */
export function elsewhereMessage(login: string, place: "review" | "line"): string {
  const where = place === "review" ? "in the text of a review" : "beside a line of the change";
  return `@${login}: *Hint*: commands are read in comments of this conversation, so what you wrote ${where} was not done. Write it in a comment here.`;
}

export function editedMessage(login: string): string {
  return `@${login}: *Hint*: commands count when a comment is created, so what was added by editing was not done. Write it in a new comment.`;
}
