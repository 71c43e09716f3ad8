import type { Answer, Draft } from "../plan/draft.ts";
import type { Actor, Permission } from "../repo.ts";
import type { Argument } from "./parse-commands.ts";

export const COMMAND_GROUPS = ["Working with tasks", "Reviewing and releasing", "Administration"] as const;

export type IssueArgument = Extract<Argument, { kind: "issue" }>;

/** The one word that a command takes. */
export interface WordRule {
  readonly name: string;
  readonly isRequired: boolean;
  readonly pattern: RegExp;
  /** What the pattern allows, as a person would say it after "expected". */
  readonly expected: string;
}

/** A `name=value` that a command takes. */
export interface OptionRule {
  readonly name: string;
  /** What stands for the value where the command's use is shown. */
  readonly value: string;
  readonly accepts: (value: string) => boolean;
  /** What is accepted, as a person would say it after "expected". */
  readonly expected: string;
  readonly does: string;
}

/** What may follow the verb; everything else is refused, so that a misspelt `--dry-run` never does something. */
export interface Takes {
  readonly issue: boolean;
  readonly word: WordRule | null;
  readonly flags: readonly { readonly name: string; readonly does: string }[];
  readonly options: readonly OptionRule[];
  readonly reason: boolean;
}

/** Who wrote the comment, and where. */
export interface CommandOrigin {
  /** Number of the issue or pull request that the comment is on. */
  readonly issue: number;
  readonly isPull: boolean;
  readonly sender: Actor;
  readonly permission: Permission;
  readonly commentId: number;
  readonly createdAt: number;
}

/** A command whose arguments were checked against its row. */
export interface CommandContext {
  readonly draft: Draft;
  readonly origin: CommandOrigin;
  readonly issue: IssueArgument | null;
  /** In lower case. */
  readonly word: string | null;
  readonly flags: ReadonlySet<string>;
  /** Values by the names of the row's options. */
  readonly options: ReadonlyMap<string, string>;
  readonly reason: string | null;
  /** Every command there is, for the one that explains them. */
  readonly rows: readonly CommandRow[];
}

/** One command: reading, permission, help, documentation and tests all come from its row. */
export interface CommandRow {
  readonly verb: string;
  readonly aliases: readonly string[];
  readonly group: (typeof COMMAND_GROUPS)[number];
  readonly permission: Permission;
  /** Whether it changes anything; then it takes `--dry-run`. */
  readonly mutates: boolean;
  readonly takes: Takes;
  /** One sentence. */
  readonly summary: string;
  readonly details: string;
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  readonly plan: (context: CommandContext) => Answer;
  /** Commands that count for nothing when they arrive after this one but were written before it; absent where it takes none back. */
  readonly overrules?: {
    readonly verbs: readonly string[];
    readonly about: "task" | "repository";
    /** Only those of the same person. */
    readonly own: boolean;
  };
}

export const TAKES_NOTHING: Takes = { issue: false, word: null, flags: [], options: [], reason: false };
export const TAKES_ISSUE: Takes = { ...TAKES_NOTHING, issue: true };

/** How a command is written: `/orchestrate retry [#n] [--reset-budget] [--dry-run]`. */
export function usageOf({ verb, takes, mutates }: Pick<CommandRow, "verb" | "takes" | "mutates">): string {
  const { word, issue, flags, options, reason } = takes;
  const parts = [
    `/orchestrate ${verb}`,
    ...(word === null ? [] : [word.isRequired ? `<${word.name}>` : `[${word.name}]`]),
    ...(issue ? ["[#n]"] : []),
    ...options.map(({ name, value }) => `[${name}=${value}]`),
    ...flags.map((flag) => `[--${flag.name}]`),
    ...(mutates ? ["[--dry-run]"] : []),
    ...(reason ? ["[-- reason]"] : []),
  ];
  return parts.join(" ");
}
