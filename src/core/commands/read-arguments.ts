import { type ArgumentProblem, argumentMessage } from "../messages/commands/problems.ts";
import type { Answer } from "../plan/draft.ts";
import { suggest } from "../yaml/suggest.ts";
import { misread } from "./answers.ts";
import type { CommandContext, CommandRow, IssueArgument } from "./command-row.ts";
import type { Argument, ParsedCommand } from "./parse-commands.ts";

/** What a command was given, checked against what it takes. */
export type Arguments = Pick<CommandContext, "issue" | "word" | "flags" | "options" | "reason">;

export type ArgumentReading =
  | { readonly ok: true; readonly value: Arguments }
  | { readonly ok: false; readonly answer: Answer };

export const DRY_RUN = "dry-run";

/** Reads a command's arguments as its row allows them; anything that is left over makes the whole command invalid. */
export function readArguments(row: CommandRow, command: ParsedCommand): ArgumentReading {
  const taken: Taken = { issue: null, word: null, flags: new Set(), options: new Map() };
  const problems = command.args.flatMap((arg, at) => {
    const message = take(row, taken, arg);
    return message === undefined ? [] : [{ at, message }];
  });
  if (problems.length > 0) return wrong(row, command, problems);
  const at = command.args.length;
  if (row.takes.word?.isRequired === true && taken.word === null)
    return wrong(row, command, [{ at, message: `expected ${row.takes.word.expected}` }]);
  if (command.reason !== null && !row.takes.reason)
    return wrong(row, command, [{ at, message: `${row.verb} takes no reason` }]);
  return { ok: true, value: { ...taken, reason: command.reason } };
}

interface Taken {
  issue: IssueArgument | null;
  word: string | null;
  readonly flags: Set<string>;
  readonly options: Map<string, string>;
}

function wrong(
  row: CommandRow,
  command: ParsedCommand,
  problems: readonly ArgumentProblem[],
): ArgumentReading {
  return { ok: false, answer: misread(argumentMessage(row, command, problems)) };
}

type Taker<K extends Argument["kind"]> = (
  row: CommandRow,
  taken: Taken,
  arg: Extract<Argument, { kind: K }>,
) => string | undefined;

/** One row for each kind of argument; the answer is what is wrong with it. */
const TAKERS: { readonly [K in Argument["kind"]]: Taker<K> } = {
  issue(row, taken, arg) {
    if (!row.takes.issue) return `${row.verb} takes no issue`;
    if (taken.issue !== null) return "one issue is enough";
    taken.issue = arg;
    return undefined;
  },
  word(row, taken, arg) {
    const rule = row.takes.word;
    if (rule === null || taken.word !== null) return leftOver(row, arg.text);
    const word = arg.text.replace(/^`([^`]+)`$/u, "$1").toLowerCase();
    if (!rule.pattern.test(word)) return `expected ${rule.expected}`;
    taken.word = word;
    return undefined;
  },
  flag(row, taken, arg) {
    const known = [...row.takes.flags.map((flag) => flag.name), DRY_RUN];
    if (!known.includes(arg.name)) return withHint("unknown flag", suggest(arg.name, known), "--");
    taken.flags.add(arg.name);
    return undefined;
  },
  option(row, taken, arg) {
    const { options } = row.takes;
    if (options.length === 0) return `${row.verb} takes no key=value`;
    const rule = options.find(({ name }) => name === arg.key);
    const known = options.map(({ name }) => name);
    if (rule === undefined)
      return withHint(`unknown key, expected ${known.join(" or ")}`, suggest(arg.key, known), "");
    if (taken.options.has(rule.name)) return `${rule.name} is there twice`;
    const value = arg.value.replace(/^`([^`]+)`$/u, "$1");
    if (!rule.accepts(value)) return `expected ${rule.expected}`;
    taken.options.set(rule.name, value);
    return undefined;
  },
};

function take<K extends Argument["kind"]>(
  row: CommandRow,
  taken: Taken,
  arg: Extract<Argument, { kind: K }>,
): string | undefined {
  const taker: Taker<K> = TAKERS[arg.kind as K];
  return taker(row, taken, arg);
}

function leftOver(row: CommandRow, word: string): string {
  if (row.takes.issue && /^\d{1,9}$/u.test(word)) return `did you mean #${word}?`;
  const flag = suggest(word.replace(/^-+/u, ""), row.takes.flags.map(({ name }) => name).concat(DRY_RUN));
  return withHint("not expected here", flag, "--");
}

function withHint(message: string, suggestion: string | undefined, prefix: string): string {
  return suggestion === undefined ? message : `${message}; did you mean ${prefix}${suggestion}?`;
}
