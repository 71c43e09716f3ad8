import { COMMANDS, NO_LISTS, RUNNERS, SELECTION, type SettingsFiles, STRICTNESS } from "./setting-rule.ts";

export const RECIPES: SettingsFiles = {
  globs: ["**/{GNUmakefile,Makefile,makefile,Rakefile,justfile,Justfile,Taskfile.*,*.mk,tasks.py}"],
  settings: [
    {
      pattern: new RegExp(`(?:^|[-@ ]{0,3})\\b(?:${RUNNERS})\\b.*`, "gu"),
      weakerWhen: "it goes",
      is: COMMANDS,
    },
    {
      pattern: /^(?:test|lint|check|verify|coverage|ci|eval\w{0,10})[\w.-]{0,40} ?:(?!=).*/gu,
      weakerWhen: "it goes",
      is: COMMANDS,
    },
    {
      pattern: /\b(?:PYTEST_ADDOPTS|VITEST_\w+|GOFLAGS|RUSTFLAGS|NODE_OPTIONS|MAKEFLAGS|\.IGNORE)\b.*/gu,
      weakerWhen: "it comes",
      is: COMMANDS,
    },
  ],
  lists: NO_LISTS,
  bounds: "clear",
};

export const JVM: SettingsFiles = {
  globs: ["**/pom.xml", "**/*.gradle{,.kts}"],
  settings: [
    {
      pattern:
        /<(?:skip\w{0,40}|testFailureIgnore|fail(?:s?On|If)\w{1,40}|haltOn\w{1,40}|maven\.test\.\w{1,40}|excludedGroups|groups|rerunFailing\w{1,40}|\w{0,40}[tT]hreshold|violationSeverity|suppressions\w{0,40}|excludeFilterFile|minimum|maximum|haltOnFailure)>.*/gu,
      weakerWhen: "any",
      is: COMMANDS,
    },
    {
      pattern: /<(?:exclude|include)>[^<]{0,200}(?:[tT]est|\.class|\*\*).*/gu,
      weakerWhen: "any",
      is: SELECTION,
    },
    {
      pattern:
        /\b(?:ignoreFailures|failOn\w{1,40}|maxWarnings|maxErrors|excludeTestsMatching|excludeTags|includeTags|maxRetries|allWarningsAsErrors|warningsAsErrors|abortOnError|minBound|maxBound|minimum|maximum|enabled ?= ?false|onlyIf|useJUnitPlatform ?\{)\b.*|-(?:Werror|Xlint)\S*/gu,
      weakerWhen: "any",
      is: COMMANDS,
    },
    {
      pattern: /\bexclude ?\(? ?["'][^"']{0,200}(?:[tT]est|\*\*).*/gu,
      weakerWhen: "it comes",
      is: SELECTION,
    },
  ],
  lists: NO_LISTS,
  bounds: "clear",
};

export const CARGO: SettingsFiles = {
  globs: ["**/Cargo.toml", "**/.cargo/config{,.toml}"],
  settings: [
    {
      pattern: /^[\w:-]{1,80} ?= ?(?:\{ ?level ?= ?)?"(?:allow|warn|deny|forbid)"/gu,
      weakerWhen: ["allow", "warn", "deny", "forbid"],
      is: STRICTNESS,
    },
    {
      pattern: /^(?:test|doctest|harness|bench|autotests) ?= ?false/gu,
      weakerWhen: "it comes",
      is: SELECTION,
    },
    { pattern: /"(?:-A ?[\w:-]{1,80}|--cap-lints[^"]{0,40})"/gu, weakerWhen: "it comes", is: STRICTNESS },
  ],
  lists: NO_LISTS,
  bounds: "clear",
};

export const DOTNET: SettingsFiles = {
  globs: ["**/*.{csproj,fsproj,vbproj,props,targets}", "**/.editorconfig"],
  settings: [
    {
      pattern:
        /<(?:NoWarn|TreatWarningsAsErrors|Warnings(?:Not)?AsErrors|WarningLevel|Analysis\w{1,40}|RunAnalyzers\w{0,40}|EnableNETAnalyzers|EnforceCodeStyleInBuild|Nullable|Threshold\w{0,20}|CollectCoverage|ExcludeBy\w{1,20}|CodeAnalysisRuleSet)>.*/gu,
      weakerWhen: "any",
      is: STRICTNESS,
    },
    {
      pattern: /^dotnet_\S{1,120} ?= ?(?:\S{1,40}:)?(?:none|silent|suggestion|warning|error)\b/gu,
      weakerWhen: ["none", "silent", "suggestion", "warning", "error"],
      is: STRICTNESS,
    },
  ],
  lists: NO_LISTS,
  bounds: "clear",
};

export const NATIVE: SettingsFiles = {
  globs: ["**/{CMakeLists.txt,*.cmake,meson.build,configure.ac,SConstruct}"],
  settings: [
    { pattern: /(?<!\S)["']?-(?:Wno-[\w=-]{1,60}|w)(?![\w-])/gu, weakerWhen: "it comes", is: STRICTNESS },
    {
      pattern: /(?<!\S)["']?-(?:W(?!no-)[\w=-]{1,60}|pedantic\S{0,10}|fsanitize=\S{1,60})/gu,
      weakerWhen: "it goes",
      is: STRICTNESS,
    },
    {
      pattern: /\b(?:add_test|enable_testing|gtest_discover_tests|WILL_FAIL|DISABLED)\b.*/gu,
      weakerWhen: "any",
      is: SELECTION,
    },
  ],
  lists: NO_LISTS,
  bounds: "clear",
};

export const RUBY_HELPERS: SettingsFiles = {
  globs: ["**/{spec,rails,test}_helper.rb"],
  settings: [
    {
      pattern:
        /\b(?:add_filter|add_group|enable_coverage|minimum_coverage\w{0,20}|refuse_coverage_drop|maximum_coverage_drop|filter_run\w{0,20}|nocov_token)\b.*/gu,
      weakerWhen: "any",
      is: SELECTION,
    },
  ],
  lists: NO_LISTS,
  bounds: "script",
};

const BINARY_TYPES =
  "png|jpe?g|gif|webp|avif|ico|bmp|svg|pdf|woff2?|ttf|otf|eot|zip|gz|xz|jar|war|mp[34]|wav|ogg|mov|bin|exe|dll|so|dylib|keystore|parquet|pkl|npy|onnx|h5|pt";

/** What is not shown cannot be reviewed, by anybody. */
export const ATTRIBUTES: SettingsFiles = {
  globs: ["**/.gitattributes"],
  settings: [
    {
      pattern: new RegExp(
        `^(?!\\S{1,200}\\.(?:${BINARY_TYPES})\\s)(?!#)\\S{1,200} (?:.* )?(?:-diff|binary|-text|diff=\\S{1,40})(?!\\S)`,
        "gu",
      ),
      weakerWhen: "it comes",
      is: "what is not shown",
    },
  ],
  lists: NO_LISTS,
  bounds: "clear",
};
