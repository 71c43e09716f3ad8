const MAX_REFERENCES = 20;
/** `Depends-On: #12`, `Depends on owner/name#12`, `Blocked by https://…/owner/name/issues/12`; several after commas or "and". */
const LINE = /^[ \t>*-]*(?:depends[- ]on|blocked[- ]by)[ \t]*:?[ \t]+(\S[^\n]{0,500})$/gimu;
const REFERENCE =
  /(?:https?:\/\/[^\s/]{1,255}\/([\w.-]{1,100})\/([\w.-]{1,100})\/(?:issues|pull)\/|(?:([\w.-]{1,100})\/([\w.-]{1,100}))?#)(\d{1,9})\b/gu;

/** Issues that a text says it depends on, as `owner/name#n`, in order, each once. */
export function readDependencies(
  text: string,
  repo: { readonly owner: string; readonly name: string },
): readonly string[] {
  const found = new Set<string>();
  for (const line of text.matchAll(LINE)) {
    for (const match of (line[1] ?? "").matchAll(REFERENCE)) {
      const owner = match[1] ?? match[3] ?? repo.owner;
      const name = match[2] ?? match[4] ?? repo.name;
      found.add(`${owner}/${name}#${match[5]}`);
    }
  }
  return [...found].slice(0, MAX_REFERENCES);
}
