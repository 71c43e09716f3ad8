import { ATTRIBUTES, CARGO, DOTNET, JVM, NATIVE, RECIPES, RUBY_HELPERS } from "./build-settings.ts";
import { PACKAGE, TEST_RUNNER, TYPESCRIPT } from "./javascript-settings.ts";
import { PYTHON } from "./python-settings.ts";
import { BUILDS, CHECK_SCRIPTS, PACKAGE_MANAGERS, SCRIPTS } from "./script-settings.ts";
import type { SettingsFiles } from "./setting-rule.ts";

/** The first that a path belongs to counts. */
export const SETTINGS_FILES: readonly SettingsFiles[] = [
  TYPESCRIPT,
  PACKAGE,
  TEST_RUNNER,
  PYTHON,
  RECIPES,
  JVM,
  CARGO,
  DOTNET,
  NATIVE,
  RUBY_HELPERS,
  ATTRIBUTES,
  BUILDS,
  PACKAGE_MANAGERS,
  CHECK_SCRIPTS,
  SCRIPTS,
];
