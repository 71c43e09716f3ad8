import { code } from "../../messages/text.ts";
import type { ChangedLine } from "./changed-lines.ts";
import { withoutMoved } from "./line-changes.ts";
import type { Touch } from "./touch.ts";

/**
 * Words that stand at the beginning of a comment and have a tool look away. All of these expressions look at lines whose
 * blanks are single ones, and repeat nothing without a bound that could begin anywhere.
 */
const IN_COMMENTS = [
  // JavaScript, TypeScript, style sheets
  "(?:eslint|oxlint|stylelint|solhint|slither|ktlint|yamllint |shellcheck |tslint:|jscs:|standard:|Stryker |ReSharper )-?disable",
  String.raw`eslint "?[\w@/-]{1,80}"? ?: ?(?:["'[\d]|off|warn)`,
  String.raw`@ts-(?:ignore|expect-error|nocheck)\b|biome-ignore|deno-(?:lint|coverage)-ignore|jshint (?:ignore|-)`,
  String.raw`@noflow\b|\$Flow(?:FixMe|Ignore|Issue|ExpectedError)|(?:istanbul|c8|v8|node:coverage) (?:ignore|disable)\b`,
  // Python
  String.raw`(?:ruff: ?|flake8: ?)?noqa\b|type: ?ignore\b|pyre-(?:ignore|fixme)|pytype: ?disable|#?nosec\b`,
  String.raw`mypy: ?(?:ignore|disable|allow[-_]|no[-_]|[\w-]{1,60} ?=)`,
  String.raw`pyright: ?(?:ignore|basic|\w{1,60} ?= ?(?:false|none|warning|information)\b)`,
  "pragma:? ?(?:no ?(?:cover|branch|mutate)|(?:allow|white)list)",
  // Go, Ruby, PHP, Kotlin, Scala, C, Lua, Haskell, Perl, R
  String.raw`nolint\b|lint:(?:file-)?ignore|exhaustive:ignore|(?:revive|gosec|detekt|credo):disable|noinspection\b`,
  String.raw`:(?:nocov|reek)\b|typed: (?:ignore|false)\b|steep:ignore|@infection-ignore`,
  String.raw`scala(?:style|fix):off|\$COVERAGE-OFF\$|CHECKSTYLE[:. ]?(?:OFF|SUPPRESS)|SUPPRESS CHECKSTYLE|CPD-OFF`,
  String.raw`cppcheck-suppress|coverity ?\[|luacheck: ?(?:ignore|no|push)|HLINT:? ignore|no critic\b|nocov\b`,
  // Scanners
  "(?:snyk|zizmor|kics-scan|tflint|hadolint|kube-linter|semgrep)(?:: ?| |-)(?:global )?(?:ignore|disable)",
  String.raw`skipcq\b|codeql ?\[|sonar-?(?:ignore|off)`,
].join("|");

/** What has a tool look away wherever it stands in a line. */
const ANYWHERE = [
  String.raw`\b(?:pylint: ?|rubocop ?: ?|swiftlint:|phpcs: ?|checkov:|tfsec:|terrascan:|trivy:|coverage: ?)(?:disable|todo|skip|ignore)`,
  String.raw`\b(?:gitleaks|betterleaks):allow\b|\bnosem(?:grep)?\b|\blgtm ?\[|\btools:ignore=`,
  "@(?:phpstan-ignore|psalm-suppress|phan-suppress|codeCoverageIgnore|codingStandardsIgnore)",
  String.raw`(?<![\w.])@(?:file: ?|field: ?|get: ?)?\[?(?:[\w.]{1,80}\.)?Suppress(?:Warnings|Lint|FBWarnings)?\b`,
  String.raw`@(?:[\w.]{1,80}\.)?(?:nowarn|no_type_check|ExcludeFromJacocoGeneratedReport|CoverageIgnore)\b`,
  String.raw`#!?\[(?:cfg_attr\([^\]]{0,200}\b)?(?:allow|expect)\(|#!?\[(?:coverage\(off\)|no_coverage)`,
  String.raw`#pragma warning ?(?:\( ?)?(?:push ?, ?)?(?:disable|suppress)|#pragma (?:GCC|clang) diagnostic ignored`,
  String.raw`#nullable disable|\[(?:assembly: ?|module: ?)?(?:[\w.]{1,80}\.)?(?:Unconditional)?(?:SuppressMessage|ExcludeFromCodeCoverage)\b`,
  String.raw`\bno_sanitize\b|\bNOLINT(?:NEXTLINE|BEGIN)?\b|\bNOSONAR\b|\bNOPMD\b|\b(?:LCOV|GCOVR?)_EXCL_\w+`,
  String.raw`\{-# OPTIONS_GHC [^#]{0,200}-(?:Wno-|w\b|fno-warn)|^-dialyzer\(|^@dialyzer\b`,
].join("|");

const LEADER = String.raw`(?:\/\/|\/?\*|<!--|--|#|\{-)!? ?`;
/** In a comment of several lines these may begin one. */
const FIRST_IN_LINE = String.raw`^(?:eslint-disable|eslint "?[\w@/-]{1,80}"? ?: ?["[\d]|@ts-(?:ignore|expect-error|nocheck)\b|stylelint-disable|(?:istanbul|c8|v8) ignore )`;

const EXPRESSIONS = [
  new RegExp(`${LEADER}(?:${IN_COMMENTS})|${FIRST_IN_LINE}`, "giu"),
  new RegExp(ANYWHERE, "gu"),
];
/** To other languages these are plain words. */
const DART_EXPRESSIONS = [...EXPRESSIONS, /\/\/ ?ignore(?:_for_file)?: ?\w/gu];

/** What ends a suppression that has something else behind it on its line. */
const END_OF_COMMENT = /\*\/|-->/u;
const END_OF_ANNOTATION: Readonly<Record<string, string>> = { "#": "]", "[": "]", "@": ")" };

/** Suppressions that come; one that the file had before, at another place, does not. */
export function findSuppressions(lines: readonly ChangedLine[], path: string): readonly Touch[] {
  const expressions = /\.dart$/iu.test(path) ? DART_EXPRESSIONS : EXPRESSIONS;
  const directives = lines.flatMap((line) => cutDirectives(line, expressions));
  return withoutMoved(directives, "+").map(({ text, number }) => ({
    path,
    line: number,
    what: `suppresses a rule: ${code(text)}`,
  }));
}

/** Each suppression of a line as a line of its own, without what follows it. */
function cutDirectives(line: ChangedLine, expressions: readonly RegExp[]): readonly ChangedLine[] {
  const { text } = line;
  const matches = expressions
    .filter((expression) => text.search(expression) !== -1)
    .flatMap((expression) =>
      [...text.matchAll(expression)].map(({ 0: { length }, index }) => ({ index, end: index + length })),
    )
    .toSorted((a, b) => a.index - b.index);
  const begins = matches.filter(({ index }, at) => index >= (matches[at - 1]?.end ?? 0));
  return begins.map(({ index }, at) => ({ ...line, text: cutEnd(text.slice(index, begins[at + 1]?.index)) }));
}

function cutEnd(text: string): string {
  const comment = text.search(END_OF_COMMENT);
  if (comment !== -1) return text.slice(0, comment).trim();
  const isAnnotation = /^(?:#!?)?\[|^@/u.test(text);
  const end = isAnnotation ? text.indexOf(END_OF_ANNOTATION[text.charAt(0)] ?? "") : -1;
  return (end === -1 ? text : text.slice(0, end + 1)).trim();
}
