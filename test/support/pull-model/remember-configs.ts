import type { parseConfig } from "../../../src/core/config/parse-config.ts";

type Parse = typeof parseConfig;

/** A configuration's reader that reads each text once: histories repeat few texts very often. */
export function rememberConfigs(parse: Parse): Parse {
  const known = new Map<string, ReturnType<Parse>>();
  return (text) => {
    const parsed = known.get(text) ?? parse(text);
    known.set(text, parsed);
    return parsed;
  };
}
