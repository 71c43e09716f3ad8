import { REMEMBERED_TEXTS, rememberByText } from "../remember.ts";
import { freezeDeeply } from "../yaml/freeze-deeply.ts";
import { listProblems, type Problem } from "../yaml/problem.ts";
import { readYaml } from "../yaml/read-yaml.ts";
import { checkSchema, locateFinding } from "../yaml/schema-problems.ts";
import type { Config } from "./config.ts";
import { configRules, configWarnings } from "./config-rules.ts";
import { normaliseConfig, normaliseRoles } from "./normalise-config.ts";
import { writtenConfig } from "./written-config.ts";

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads the text of `.github/orchestrator.yml`; either all of it is right, or every problem is named. */
export const parseConfig = rememberByText(readConfig, REMEMBERED_TEXTS);

function readConfig(text: string): ParsedConfig {
  const document = readYaml(text);
  if (!document.ok) return document;
  const checked = checkSchema(writtenConfig, document);
  if (!checked.ok) return { ok: false, problems: listProblems(checked.problems) };

  const input = { written: checked.value, roles: normaliseRoles(checked.value) };
  const findings = configRules.flatMap((rule) => rule(input));
  if (findings.length > 0) {
    return { ok: false, problems: listProblems(findings.map((finding) => locateFinding(finding, document))) };
  }
  const warnings = configWarnings.flatMap((rule) => rule(input));
  return {
    ok: true,
    config: freezeDeeply(normaliseConfig(checked.value, document.textAt)),
    warnings: listProblems(warnings.map((finding) => locateFinding(finding, document))),
  };
}

/** What holds for a repository without a file: everything is decided and shown, nothing is done. */
export function defaultConfig(): Config {
  const parsed = parseConfig("version: 1");
  if (!parsed.ok) throw new Error("The smallest configuration does not pass its own rules");
  return parsed.config;
}
