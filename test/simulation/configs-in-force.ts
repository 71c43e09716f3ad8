import type { Config } from "../../src/core/config/config.ts";
import { parseConfig } from "../../src/core/config/parse-config.ts";
import { auditOf, deedsOf, type Lines } from "./read-history.ts";

function readConfig(text: string): Config | null {
  const parsed = parseConfig(text);
  return parsed.ok ? parsed.config : null;
}

/** What the default branch's configuration said, from the moment at which the app took it in. */
export function configsInForce(
  lines: Lines,
): readonly { readonly at: number; readonly config: Config | null }[] {
  const texts = new Map(deedsOf(lines, "configured").map(({ deed }) => [deed.sha, deed.text]));
  return auditOf(lines, "config.taken").map(({ at, data }) => {
    const text = texts.get(String(data.sha)) ?? null;
    return { at, config: text === null ? null : readConfig(text) };
  });
}

/** Configurations of which one was in force at some moment within a span. */
export function configsAt(lines: Lines, from: number, to: number): readonly (Config | null)[] {
  const all = configsInForce(lines);
  const before = all.findLast(({ at }) => at <= from);
  return [
    before?.config ?? null,
    ...all.filter(({ at }) => at > from && at <= to).map(({ config }) => config),
  ];
}
