import type { BoundNames } from "./bounds.ts";

/** What makes proof weaker: that something comes, that it goes, both, or that it goes down a list of levels, loosest first. */
export type WeakerWhen = "it comes" | "it goes" | "any" | readonly string[];

/** A part of a line that decides something. */
export interface SettingRule {
  readonly pattern: RegExp;
  readonly weakerWhen: WeakerWhen;
  /** Half a sentence: what the part is. */
  readonly is: string;
}

/** Items that stand in a list on lines of their own, known by the line that opens the list. */
export interface ListRule {
  readonly opener: RegExp;
  readonly weakerWhen: WeakerWhen;
  readonly is: string;
  /** Whether an item counts too when the patch does not show which list it is in. */
  readonly isGuessed?: RegExp;
}

/** Files that also say how work is proven, among much else. */
export interface SettingsFiles {
  readonly globs: readonly string[];
  readonly settings: readonly SettingRule[];
  readonly lists: readonly ListRule[];
  readonly bounds: BoundNames;
}

export const SELECTION = "the selection of tests";
export const STRICTNESS = "the strictness of checks";
export const COMMANDS = "the commands that check the work";
export const NO_LISTS: readonly ListRule[] = [];
/** Levels of switches that ask for more, and of those that ask for less. */
export const BETTER_ON: WeakerWhen = ["false", "true"];
export const BETTER_OFF: WeakerWhen = ["true", "false"];

/** Commands that check the work. */
export const RUNNERS =
  "pytest|jest|vitest|mocha|ava|tox|nox|ctest|rspec|phpunit|pest|go test|go vet|cargo test|cargo clippy|nextest|dotnet test|swift test|mvn|gradlew?|eslint|biome|ruff|flake8|pylint|mypy|pyright|tsc|golangci-lint|staticcheck|rubocop|phpstan|psalm|shellcheck|semgrep|coverage|(?:npm|pnpm|yarn|bun|make)(?: run)? (?:test|lint|check|coverage|typecheck)[\\w:-]{0,40}";
