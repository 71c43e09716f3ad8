import {
  BETTER_OFF,
  BETTER_ON,
  COMMANDS,
  SELECTION,
  type SettingsFiles,
  STRICTNESS,
} from "./setting-rule.ts";

const STRICT_TYPES = String.raw`"(?:strict\w{0,40}|no(?:Implicit|Unused|Unchecked|Fallthrough|PropertyAccess|EmitOnError)\w{0,40}|exactOptional\w{1,40}|alwaysStrict|useUnknown\w{1,40}|checkJs|forceConsistent\w{1,40})" ?: ?`;
const LOOSE_TYPES = String.raw`"(?:skip\w{0,10}LibCheck|allowUn\w{1,40}|noCheck|suppress\w{1,40}|noStrictGenericChecks|keyofStringsOnly)" ?: ?`;

export const TYPESCRIPT: SettingsFiles = {
  globs: ["**/{ts,js}config{,.*,-*}.json"],
  settings: [
    { pattern: new RegExp(`${STRICT_TYPES}(?:true|false)`, "gu"), weakerWhen: BETTER_ON, is: STRICTNESS },
    { pattern: new RegExp(`${LOOSE_TYPES}(?:true|false)`, "gu"), weakerWhen: BETTER_OFF, is: STRICTNESS },
    { pattern: /"(?:extends|exclude|files|include)" ?:.*/gu, weakerWhen: "any", is: STRICTNESS },
  ],
  lists: [
    { opener: /"exclude"/u, weakerWhen: "any", is: STRICTNESS, isGuessed: /./u },
    { opener: /"(?:include|files|extends)"/u, weakerWhen: "it goes", is: STRICTNESS },
  ],
  bounds: "clear",
};

const SCRIPT_NAMES =
  "test|lint|typecheck|type-check|check|checks|coverage|cover|cov|verify|validate|ci|e2e|unit|integration|quality|audit|eval|evaluate|bench|benchmark|mutation|size";
const JAVASCRIPT_SELECTION =
  "testPathIgnorePatterns|coveragePathIgnorePatterns|modulePathIgnorePatterns|collectCoverage\\w{0,20}|coverageThreshold|testMatch|testRegex|testIgnore|testDir|testNamePattern|specPattern|excludeSpecPattern|passWithNoTests|allowOnly|forbidOnly|retry|retries|bail|dangerouslyIgnore\\w{1,40}|grepInvert|grep|check-coverage|checkCoverage|skip-full|skipFull|perFile|autoUpdate|setupFiles\\w{0,20}|globalSetup|globalTeardown|moduleNameMapper";

export const PACKAGE: SettingsFiles = {
  globs: ["**/{package,deno,composer}.{json,jsonc}", "**/{nx,turbo,project,angular}.json"],
  settings: [
    {
      pattern: new RegExp(
        `"(?:pre|post)?(?:${SCRIPT_NAMES})(?:[:_-][\\w:.-]{1,60})?" ?: ?"(?![~^]?\\d)(?:[^"\\\\]|\\\\.)*"`,
        "gu",
      ),
      weakerWhen: "it goes",
      is: COMMANDS,
    },
    {
      pattern: new RegExp(
        `"(?:(?:${SCRIPT_NAMES})|(?:pre|post)(?:${SCRIPT_NAMES})(?:[:_-][\\w:.-]{1,60})?)" ?: ?"(?![~^]?\\d)(?:[^"\\\\]|\\\\.)*"`,
        "gu",
      ),
      weakerWhen: "any",
      is: COMMANDS,
    },
    // What looks like a version belongs to a dependency of that name.
    {
      pattern:
        /"(?:vitest|jest|mocha|ava|eslint|oxlint|stylelint|typescript|cypress|c8|nyc|@biomejs\/biome|@playwright\/test)" ?: ?"(?:npm|file|link|portal|git[\w+]{0,10}|https?):[^"]*"/gu,
      weakerWhen: "it comes",
      is: COMMANDS,
    },
    {
      pattern: new RegExp(`"(?:${JAVASCRIPT_SELECTION})" ?:(?! ?"[~^<>=v]{0,3}\\d).*`, "gu"),
      weakerWhen: "any",
      is: SELECTION,
    },
    {
      pattern: /"(?:eslintConfig|eslintIgnore|stylelint|xo|lint-staged|size-limit|bundlewatch)" ?: ?[[{].*/gu,
      weakerWhen: "any",
      is: STRICTNESS,
    },
    {
      pattern: /"[\w@/-]{1,80}" ?: ?(?:\[ ?)?"(?:off|warn|error)"/gu,
      weakerWhen: ["off", "warn", "error"],
      is: STRICTNESS,
    },
  ],
  lists: [
    {
      opener: new RegExp(`"(?:${JAVASCRIPT_SELECTION}|exclude|eslintIgnore)"`, "u"),
      weakerWhen: "any",
      is: SELECTION,
      isGuessed: /[*/]|\\/u,
    },
  ],
  bounds: "coverage",
};

export const TEST_RUNNER: SettingsFiles = {
  globs: [
    "**/{vitest,vite,jest,karma,playwright,cypress,ava,wdio,web-test-runner,nightwatch,mocha}.{config,conf,workspace}.*",
    "**/.{mocharc,taprc,jasmine,jestrc,avarc}*",
  ],
  settings: [
    {
      pattern: new RegExp(
        `(?<![\\w.])["']?(?:${JAVASCRIPT_SELECTION}|thresholds?|roots|projects|spec)["']? ?:.*`,
        "gu",
      ),
      weakerWhen: "any",
      is: SELECTION,
    },
    { pattern: /(?<![\w.])["']?(?:exclude|include)["']? ?:.*/gu, weakerWhen: "any", is: SELECTION },
  ],
  lists: [
    {
      opener: /\b(?:exclude|include|\w{0,20}(?:Patterns?|Match|Ignore|Regex|Files)|spec)["']? ?[:=]/u,
      weakerWhen: "any",
      is: SELECTION,
    },
  ],
  bounds: "coverage",
};
