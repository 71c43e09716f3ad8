import { gateFamilies } from "./change-families/gates.ts";
import { generalFamilies } from "./change-families/general.ts";
import { kindFamilies } from "./change-families/kinds.ts";
import { roleFamilies } from "./change-families/roles.ts";
import { safetyFamilies } from "./change-families/safety.ts";
import { stageFamilies } from "./change-families/stages.ts";
import type { ConfigChange, Describe } from "./compare-values.ts";
import type { Config } from "./config.ts";
import { defaultConfig } from "./parse-config.ts";

/** Every family of keys; together they see every key that a configuration has. */
const FAMILIES: readonly Describe[] = [
  ...generalFamilies,
  ...roleFamilies,
  ...kindFamilies,
  ...stageFamilies,
  ...gateFamilies,
  ...safetyFamilies,
];

const ORDER = ["looser", "tighter", "neutral"] as const;

/** What changes between two configurations, the looser first; `before` is null where none is in force. */
export function describeConfigChange(before: Config | null, after: Config): readonly ConfigChange[] {
  if (before === null) return describeFirst(after);
  const changes = FAMILIES.flatMap((describe) => describe(before, after));
  return changes.toSorted((a, b) => ORDER.indexOf(a.direction) - ORDER.indexOf(b.direction));
}

/** Without a configuration nothing runs; one in shadow mode still does nothing, so it loosens nothing. */
function describeFirst(after: Config): readonly ConfigChange[] {
  const isActive = after.mode === "active";
  const added: ConfigChange = {
    name: "configuration-added",
    key: ".github/orchestrator.yml",
    before: "none",
    after: `mode ${after.mode}`,
    sentence: isActive
      ? "Labelled issues are worked on from then on."
      : "Labelled issues are assessed and shown; nothing is done yet.",
    direction: isActive ? "looser" : "neutral",
  };
  return isActive ? [added, ...describeConfigChange(defaultConfig(), after)] : [added];
}
