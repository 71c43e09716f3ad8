import {
  COMMANDS,
  NO_LISTS,
  RUNNERS,
  SELECTION,
  type SettingRule,
  type SettingsFiles,
} from "./setting-rule.ts";

/** Comments talk of commands without running them. */
const CHECKING: SettingRule = {
  pattern: new RegExp(`^(?!#|//|::|rem )(?:.*[^\\w.-])?(?:${RUNNERS})(?![\\w.-]).*`, "giu"),
  weakerWhen: "it goes",
  is: COMMANDS,
};

/** Scripts whose names say that they check the work: there a way out is one past the checks. */
export const CHECK_SCRIPTS: SettingsFiles = {
  globs: [
    "**/{ci,.ci}/**/*.{sh,bash,zsh,ps1,cmd,bat}",
    "**/{,*[-_.]}{ci,lint,check,checks,verify,validate,coverage,typecheck}{,[-_.]*}.{sh,bash,zsh,ps1,cmd,bat}",
  ],
  settings: [
    CHECKING,
    { pattern: /^(?:exit(?: 0)?(?![\w ])|set \+e\b).*/gu, weakerWhen: "it comes", is: COMMANDS },
  ],
  lists: NO_LISTS,
  bounds: "clear",
};

/** Other scripts and lists of tasks that may run the checks. */
export const SCRIPTS: SettingsFiles = {
  globs: [
    "**/*.{sh,bash,zsh,ps1,cmd,bat}",
    "**/{ci,.ci}/**/*.{py,rb,[cm]js,js,ts}",
    "**/{Gruntfile,gulpfile}.*",
    "**/{hatch,pixi,mise,.mise}.toml",
  ],
  settings: [CHECKING],
  lists: NO_LISTS,
  bounds: "clear",
};

/** What else says which tests there are, or how strict they are. */
export const BUILDS: SettingsFiles = {
  globs: ["**/{BUILD,BUILD.bazel,*.bzl,.bazelrc,build.sbt,mix.exs,Package.swift,*.cabal}", "**/*.xcscheme"],
  settings: [
    {
      pattern: /\b(?:\w{1,40}_test ?\(|test_suite\b|testTarget\b|test-suite\b|TestableReference\b).*/gu,
      weakerWhen: "it goes",
      is: SELECTION,
    },
    {
      pattern:
        /--(?:test_\w{1,40}|flaky_test_attempts|build_tests_only)\b.*|\bTest ?\/ ?\w{1,40} ?:=.*|\bcoverage(?:Minimum|FailOn|Excluded)\w{0,40}.*|\btest_coverage\b.*|\bskipped ?= ?"YES".*/gu,
      weakerWhen: "any",
      is: SELECTION,
    },
  ],
  lists: NO_LISTS,
  bounds: "clear",
};

/** By what package managers run every other command. */
export const PACKAGE_MANAGERS: SettingsFiles = {
  globs: ["**/{.npmrc,.yarnrc,.yarnrc.yml,pnpm-workspace.yaml,bunfig.toml}"],
  settings: [
    {
      pattern:
        /^(?:(?:@[\w.-]{1,100}:)?registry|npmRegistryServer|script-?shell|shell-?emulator|node-?options|if-?present|enable-?pre-?post-?scripts)\b.*/giu,
      weakerWhen: "any",
      is: COMMANDS,
    },
    { pattern: /^(?:root|preload|coverage\w{0,40}|rerunEach) ?=.*/gu, weakerWhen: "any", is: SELECTION },
  ],
  lists: NO_LISTS,
  bounds: "coverage",
};
