/** A name that a statement takes from elsewhere, and from where. */
export interface ImportedName {
  readonly name: string;
  readonly source: string;
  /** How the statement begins. */
  readonly text: string;
}

/** They may go over several lines; types are left out, since nothing runs them. */
const STATEMENTS: readonly RegExp[] = [
  /\bimport (?!type\b)(?<names>[^"'`;()=]{1,500}?)\sfrom ["'`](?<source>[^"'`]{1,300})["'`]/gu,
  /\b(?:const|let|var) (?<names>[^=;"'`()]{1,500}?) ?= ?(?:await\s)?(?:require|import) ?\( ?["'`](?<source>[^"'`]{1,300})["'`]/gu,
  /^from (?<source>[\w.]{1,300}) import (?<names>\([^()]{1,500}\)|[^(\n]{1,500}$)/gmu,
  /^import (?<source>[\w.]{1,200}) as (?<names>\w{1,100})$/gmu,
];
const MAX_CHARS = 120;

/** The names that lines without blanks around them take from elsewhere. */
export function listImportedNames(lines: readonly string[]): readonly ImportedName[] {
  const text = lines.join("\n");
  return STATEMENTS.flatMap((statement) =>
    [...text.matchAll(statement)].flatMap(({ 0: whole, groups }) => {
      const { names = "", source = "" } = groups ?? {};
      return splitNames(names).map((name) => ({
        name,
        source,
        text: whole.replace(/\s+/gu, " ").slice(0, MAX_CHARS),
      }));
    }),
  );
}

/** The names that a pattern or a list of imports binds: `{ a, b as c, d: e = 1 }` binds a, c and e. */
export function splitNames(pattern: string): readonly string[] {
  return pattern
    .split(/[{}[\](),]/u)
    .flatMap((part) => /([A-Za-z_$][\w$]{0,100}) ?$/u.exec((part.split("=", 1)[0] ?? "").trim())?.[1] ?? []);
}
