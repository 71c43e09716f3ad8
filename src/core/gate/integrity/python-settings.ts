import { BETTER_ON, COMMANDS, SELECTION, type SettingsFiles, STRICTNESS } from "./setting-rule.ts";

const PYTHON_STRICT =
  "disallow_\\w{1,40}|check_untyped_defs|warn_\\w{1,40}|strict\\w{0,40}|no_implicit\\w{1,40}|xfail_strict";
const PYTHON_SELECTION =
  "addopts|testpaths|python_(?:files|classes|functions)|norecursedirs|omit|exclude_lines|exclude_also|exclude|extend-exclude|force-exclude|exclude_dirs|per-file-ignores|extend-per-file-ignores|ignore|extend-ignore|select|extend-select|lint\\.\\w{1,40}|disable|enable|disable_error_code|skips|ignore_errors|ignore_missing_imports|ignore-paths|ignore-patterns|follow_imports|allow_\\w{1,40}|typeCheckingMode|report[A-Z]\\w{1,60}|commands|commands_pre|filterwarnings|skip_covered|branch";

export const PYTHON: SettingsFiles = {
  globs: ["**/pyproject.toml", "**/{setup,tox,pytest}.{cfg,ini}", "**/noxfile.py"],
  settings: [
    {
      pattern: new RegExp(`^(?:${PYTHON_STRICT}) ?= ?"?(?:true|false)"?`, "giu"),
      weakerWhen: BETTER_ON,
      is: STRICTNESS,
    },
    { pattern: new RegExp(`^"?(?:${PYTHON_SELECTION})"? ?=.*`, "gu"), weakerWhen: "any", is: SELECTION },
    { pattern: /^["'][^"']{1,200}["'] ?= ?\[ ?["'][A-Z].*/gu, weakerWhen: "any", is: STRICTNESS },
    { pattern: /\bsession\.run\(.*/gu, weakerWhen: "any", is: COMMANDS },
  ],
  lists: [
    { opener: /^"?(?:select|extend-select|enable|testpaths)\b/u, weakerWhen: "it goes", is: STRICTNESS },
    {
      opener: new RegExp(`^"?(?:${PYTHON_SELECTION})"? ?=`, "u"),
      weakerWhen: "any",
      is: SELECTION,
      isGuessed: /^["'](?:[A-Z]{1,8}\d{0,5}|[^"'<>=~ ]{0,200}[*/][^"'<>=~ ]{0,200})["'],?$/u,
    },
  ],
  bounds: "coverage",
};
