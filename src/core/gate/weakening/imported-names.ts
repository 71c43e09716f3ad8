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

/** The names that one statement of any language binds, and from where; `isOfAll` where it does not say which. */
export function readImport(text: string): {
  readonly names: readonly string[];
  readonly source: string;
  readonly isOfAll: boolean;
} {
  const known = listImportedNames([text]);
  const [first] = known;
  if (first !== undefined)
    return { names: known.map(({ name }) => name), source: first.source, isOfAll: false };
  const names = text.startsWith("import type ") || QUOTED.test(text) ? [] : namesBehind(text);
  return { names, source: /^\w+ (?:static )?([\w.]+)/u.exec(text)?.[1] ?? "", isOfAll: OF_ALL.test(text) };
}

/** What brings in names that the statement does not say, or runs a module of the same repository for what it does. */
const OF_ALL =
  /^using static |^import (?!(?:static )?(?:java|javax|kotlin|scala|org\.junit|org\.assertj|org\.hamcrest)\.)[\w. ]{1,300}\*|\bimport \(?\s?\*|^(?:pub )?use (?!super::|std::).{0,1000}::\{?\*|^import \{ ?\} from/u;
const QUOTED = /["'`]/u;

/** Of `a.b.C` and `a::b::C` the last one; of packages of Python's that are named as a whole, none. */
function namesBehind(text: string): readonly string[] {
  return splitNames(text.replace(/^(?:import|using|use|pub use|from)\b(?: static| function)?|;$/gu, ""));
}
