import { findLines, isReadable, type Misplacement, mentionsPrefix, PREFIX } from "./find-lines.ts";

export const MAX_COMMANDS = 10;
export const LINE_MAX_CHARS = 1_000;

export type Argument =
  /** `repo` is `owner/name` where the line names it. */
  | { readonly kind: "issue"; readonly number: number; readonly repo: string | null }
  | { readonly kind: "option"; readonly key: string; readonly value: string }
  | { readonly kind: "flag"; readonly name: string }
  | { readonly kind: "word"; readonly text: string };

/** One line of a comment: `/orchestrate verb [argument …] [-- reason]`. */
export interface ParsedCommand {
  /** The line as it was written, cut to what a line may have. */
  readonly line: string;
  /** In lower case; empty when nothing follows the prefix. */
  readonly verb: string;
  readonly args: readonly Argument[];
  readonly reason: string | null;
  readonly isTooLong: boolean;
}

export interface ParsedComment {
  readonly commands: readonly ParsedCommand[];
  /** Commands beyond `MAX_COMMANDS`. */
  readonly surplus: number;
  /** Lines that look like commands and are none, and why. */
  readonly misplaced: readonly Misplacement[];
  /** The comment is longer than what is read for commands. */
  readonly isUnread: boolean;
}

const NOTHING: ParsedComment = { commands: [], surplus: 0, misplaced: [], isUnread: false };

/** Reads the commands of a comment, in order. */
export function parseCommands(body: string): ParsedComment {
  if (!mentionsPrefix(body)) return NOTHING;
  if (!isReadable(body)) return { ...NOTHING, isUnread: true };
  const { commands, misplaced } = findLines(body);
  return {
    commands: commands.slice(0, MAX_COMMANDS).map(parseLine),
    surplus: Math.max(0, commands.length - MAX_COMMANDS),
    misplaced,
    isUnread: false,
  };
}

/** Issues that the commands of a comment name, each once; which repository is meant is decided later. */
export function targetsOf(body: string): readonly number[] {
  const args = parseCommands(body).commands.flatMap((command) => command.args);
  return [...new Set(args.flatMap((arg) => (arg.kind === "issue" ? [arg.number] : [])))];
}

/** The line that means the command: reading it again gives the same command. */
export function printCommand({ verb, args, reason }: Omit<ParsedCommand, "line" | "isTooLong">): string {
  const words = [PREFIX, verb, ...args.map(printArgument), ...(reason === null ? [] : ["--", reason])];
  return words.filter((word) => word !== "").join(" ");
}

export function printArgument(arg: Argument): string {
  switch (arg.kind) {
    case "issue":
      return `${arg.repo ?? ""}#${arg.number}`;
    case "option":
      return `${arg.key}=${arg.value}`;
    case "flag":
      return `--${arg.name}`;
    case "word":
      return arg.text;
  }
}

const BLANKS = /[ \t\u00a0]+/u;
/** Phones turn two hyphens into one long dash. */
const REASON = /[ \t\u00a0](?:--|—)(?:[ \t\u00a0]|$)/u;

function parseLine(line: string): ParsedCommand {
  const isTooLong = line.length > LINE_MAX_CHARS;
  const kept = isTooLong ? line.slice(0, LINE_MAX_CHARS).toWellFormed() : line;
  const start = REASON.exec(kept);
  const head = start === null ? kept : kept.slice(0, start.index);
  const reason = start === null ? "" : trimBlanks(kept.slice(start.index + start[0].length));
  const [, verb = "", ...words] = head.split(BLANKS).filter((word) => word !== "");
  return {
    line: kept,
    verb: lowerAscii(verb),
    args: words.map(parseArgument),
    reason: reason === "" ? null : reason,
    isTooLong,
  };
}

function trimBlanks(text: string): string {
  return text.replace(/^[ \t\u00a0]+|[ \t\u00a0]+$/gu, "");
}

interface ArgumentRule {
  readonly pattern: RegExp;
  readonly read: (match: readonly (string | undefined)[]) => Argument;
}

/** The first pattern that matches says what a word is. */
const RULES: readonly ArgumentRule[] = [
  {
    pattern: /^(?:([\w.-]{1,100}\/[\w.-]{1,100}))?#(\d{1,9})$/u,
    read: ([, repo, number]) => ({ kind: "issue", number: Number(number), repo: repo ?? null }),
  },
  {
    pattern:
      /^<?https?:\/\/[^\s/<>]{1,255}\/([\w.-]{1,100}\/[\w.-]{1,100})\/(?:issues|pull)\/(\d{1,9})(?:[/?#][^\s<>]*)?>?$/u,
    read: ([, repo, number]) => ({ kind: "issue", number: Number(number), repo: repo ?? null }),
  },
  {
    pattern: /^(?:--|—)([A-Za-z][A-Za-z0-9-]*)$/u,
    read: ([, name = ""]) => ({ kind: "flag", name: lowerAscii(name) }),
  },
  {
    pattern: /^([A-Za-z][A-Za-z0-9_-]*)=(.*)$/su,
    read: ([, key = "", value = ""]) => ({ kind: "option", key: lowerAscii(key), value }),
  },
];

function parseArgument(word: string): Argument {
  for (const { pattern, read } of RULES) {
    const match = pattern.exec(word);
    if (match !== null) return read(match);
  }
  return { kind: "word", text: word };
}

/** Only plain letters have another case here: other alphabets must not turn into a verb. */
function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/gu, (letters) => letters.toLowerCase());
}
