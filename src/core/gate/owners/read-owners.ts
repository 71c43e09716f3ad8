import { compilePattern, type PathPattern } from "./path-pattern.ts";

/** One line of `CODEOWNERS` that says who owns what. */
export interface OwnerRule {
  /** From 1. */
  readonly line: number;
  readonly text: string;
  readonly pattern: PathPattern;
  /** None: nobody owns it, whatever earlier lines say. */
  readonly owners: readonly Owner[];
  /** Why GitHub is not sure to read the line as it is meant; null when it is. */
  readonly problem: string | null;
}

export interface Owner {
  readonly kind: "user" | "team" | "email";
  /** As written, a user's and a team's with their `@`. */
  readonly name: string;
}

/** GitHub takes 3 MB; of more than this, a reading would hold up other work. */
const MAX_CHARS = 1024 * 1024;
const MAX_RULES = 20_000;
const MAX_LINE_CHARS = 10_000;

const OWNER_FORMS = [
  { kind: "user", form: /^@[A-Za-z\d][\w-]{0,99}$/u },
  { kind: "team", form: /^@[A-Za-z\d][\w-]{0,99}\/[\w.-]{1,255}$/u },
  { kind: "email", form: /^[^@\s]{1,100}@[^@\s]{1,100}\.[^@\s.]{1,50}$/u },
] as const;

/** What GitHub's form of patterns lacks of that of `.gitignore`, and what it says nothing about. */
const PATTERN_PROBLEMS = [
  { form: /^!/u, problem: "`!` does not work there" },
  { form: /^\\#/u, problem: "a pattern cannot begin with `#`" },
  { form: /\[/u, problem: "`[ ]` does not work there" },
  { form: /\*{3}/u, problem: "`***` means nothing" },
  { form: /\/\/|(?:^|\/)\.{1,2}(?:\/|$)|^\/$/u, problem: "its path is none from the root" },
  { form: /\\$/u, problem: "it ends with a `\\`" },
] as const;

/** The rules of a `CODEOWNERS` file in their order, of which the last that matches a path counts; null when there are too many. */
export function readOwners(text: string): readonly OwnerRule[] | null {
  if (text.length > MAX_CHARS) return null;
  const rules = text
    .replace(/^\ufeff/u, "")
    .split("\n")
    .flatMap((line, index) => readLine(line.trim(), index + 1));
  return rules.length > MAX_RULES ? null : rules;
}

function readLine(text: string, line: number): readonly OwnerRule[] {
  if (text === "" || text.startsWith("#")) return [];
  const [pattern = ""] = /^(?:\\.|[^\\ \t]|\\$)+/su.exec(text.slice(0, MAX_LINE_CHARS)) ?? [];
  const rest = text.slice(pattern.length);
  const comment = rest.search(/[ \t]#/u);
  const written = rest
    .slice(0, comment < 0 ? rest.length : comment)
    .split(/[ \t]/u)
    .filter((name) => name !== "");
  const owners = written.flatMap(readOwner);
  const problem = problemOf({ text, pattern, areOwnersRead: owners.length === written.length });
  return [
    { line, text, pattern: compilePattern(problem === null ? pattern : widen(pattern)), owners, problem },
  ];
}

function problemOf(read: {
  readonly text: string;
  readonly pattern: string;
  readonly areOwnersRead: boolean;
}): string | null {
  if (read.text.length > MAX_LINE_CHARS) return "it is too long";
  const known = PATTERN_PROBLEMS.find(({ form }) => form.test(read.pattern));
  if (known !== undefined) return known.problem;
  return read.areOwnersRead ? null : "one of its owners is no `@user`, `@org/team` or e-mail address";
}

function readOwner(name: string): readonly Owner[] {
  const found = OWNER_FORMS.find(({ form }) => form.test(name));
  return found === undefined ? [] : [{ kind: found.kind, name }];
}

/** What a line with a problem may be meant for: rather more than less, since all that follows is that a person looks. */
function widen(pattern: string): string {
  if (pattern.length >= MAX_LINE_CHARS) return "*";
  const wide = widenRange(pattern)
    .replace(/^!/u, "")
    .replace(/\*{3,}/gu, "**")
    .replace(/(?:^|(?<=\/))\.{1,2}\//gu, "")
    .replace(/\\$/u, "");
  return wide.replaceAll("/", "") === "" ? "*" : wide;
}

function widenRange(pattern: string): string {
  const [head = "", ...rest] = pattern.split("[");
  if (rest.length === 0) return pattern;
  const range = rest.join("[");
  return `${head.replace(/\\$/u, "")}*${range.slice(range.lastIndexOf("]") + 1)}`;
}
