const PROSE =
  /(?:\.(?:md|markdown|rst|adoc|asciidoc)|(?:^|\/)(?:LICEN[CS]E|COPYING|NOTICE|AUTHORS|CHANGELOG))$/iu;

/**
 * Whether only people read a file, so that no report can change with it. Narrower than what `docs_only` calls a document: folders of
 * documents may hold programs, and `.mdx` and `.txt` may be read by one.
 */
export function isProse(path: string): boolean {
  return PROSE.test(path);
}
