import type { ChangedFile } from "../../facts.ts";
import { code } from "../../messages/text.ts";
import { isStricter } from "./bounds.ts";
import type { ChangedLine } from "./changed-lines.ts";
import { describeChange } from "./describe-change.ts";
import { pairLines } from "./line-changes.ts";
import type { ProtectedFiles } from "./protected-files.ts";
import type { Touch } from "./touch.ts";

/** What begins a comment, by the type of the file; in others everything is read. */
const COMMENTS: readonly (readonly [path: RegExp, line: RegExp])[] = [
  [/\.(?:[cm]?[jt]s|json[5c]?)$/iu, /^\/\//u],
  [/(?:\.(?:ya?ml|toml|ini|cfg|neon|properties|hcl)|(?:^|\/)\.?\w+)$/iu, /^#(?!!)/u],
];
/** What could begin or end something else, or go on in the next line. */
const MORE_THAN_COMMENT = /\*\/|\/\*|`|"""|'''|\\$/u;
const SCHEMA = /^"\$schema" ?: ?"[^"]*",?$/u;

/** Changes of a file of which every line counts; `lines` is null where they cannot be read. */
export function judgeProtected(
  file: ChangedFile,
  lines: readonly ChangedLine[] | null,
  { is, mayChange }: Pick<ProtectedFiles, "is" | "mayChange">,
): readonly Touch[] {
  const { path } = file;
  const moved = nameMove(file);
  if (moved !== null) return [{ path, line: null, what: `${moved} ${is}` }];
  const mayComment = mayChange.includes("comments");
  const read = lines?.filter(({ text }) => !(mayComment && isUnread(text, path))) ?? null;
  const changes = pairLines(read ?? []);
  const weaker = mayChange.includes("stricter bounds") ? changes.filter((one) => !isStricter(one)) : changes;
  if (weaker.length > 0) return weaker.map((change) => ({ path, ...describeChange(change, is) }));
  const isHarmless = mayComment && read !== null && (read.length === 0 || changes.length > 0);
  return isHarmless ? [] : [{ path, line: null, what: `changes ${is}` }];
}

function isUnread(text: string, path: string): boolean {
  if (text === "" || SCHEMA.test(text)) return true;
  const comment = COMMENTS.find(([type]) => type.test(path))?.[1];
  return comment?.test(text) === true && !MORE_THAN_COMMENT.test(text);
}

/** What happens to the file as a whole; null when only lines of it change. */
function nameMove({ status, previousPath }: ChangedFile): string | null {
  if (status === "renamed") return `moves from ${code(previousPath ?? "")}`;
  return MOVES[status] ?? null;
}

const MOVES: Partial<Record<ChangedFile["status"], string>> = {
  added: "adds",
  copied: "adds",
  removed: "removes",
};
