import { createDecidedBy } from "../../organisation/find-decisions.ts";
import { type RepositoryView, standingOf } from "../../plan/repository/repository-view.ts";
import type { Path } from "../../yaml/problem.ts";
import { type ReadableYaml, readYaml } from "../../yaml/read-yaml.ts";
import { organisationSection } from "../config/organisation.ts";
import { code, duration, folded, paragraphs, table } from "../text.ts";

const CELL_CHARS = 160;
const MAX_ROWS = 100;

/** The configuration in force, value by value, with the line that sets each. */
export function explainConfigMessage(view: RepositoryView): string {
  const { config, record, facts } = view;
  const good = record.stored.goodConfig;
  if (config === null || good === null) {
    return "No configuration is in force: `.github/orchestrator.yml` is missing or was never valid. See `/orchestrate check-config`.";
  }
  const document = readYaml(good.text);
  if (!document.ok) throw new Error("the configuration in force cannot be read");
  const source: Source = { document, decidedBy: createDecidedBy(standingOf(view)) };
  const isOld = facts?.configText !== good.text;
  const { roles, kinds, gates, limits, version: _, ceilings, windows, critics, breaker, ...general } = config;
  const sections = [
    { title: "General", rows: rowsOf(general, [], source) },
    { title: "Limits", rows: rowsOf(limits, ["limits"], source) },
    { title: "Gates", rows: rowsOf(gates, ["gates"], source) },
    {
      title: "Ceilings, windows, critics, breaker",
      rows: rowsOf({ ceilings, windows, critics, breaker }, [], source),
    },
    { title: "Kinds", rows: rowsOf(kinds, ["kinds"], source) },
    { title: "Roles", rows: rowsOf(writtenFirst(roles, source), ["roles"], source) },
  ];
  return paragraphs(
    `In force is \`.github/orchestrator.yml\` of \`${good.sha.slice(0, 12)}\`${isOld ? "; the newer file on the default branch is broken, see `/orchestrate check-config`" : ""}: **${config.mode}**, autonomy **${config.autonomy}**, label \`${config.label}\`.`,
    organisationSection(view),
    ...sections.map(({ title, rows }) => folded(`${title} (${rows.length})`, tableOf(rows))),
  );
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const rest = rows.length - MAX_ROWS;
  return paragraphs(
    table(["Key", "Value", "From"], rows.slice(0, MAX_ROWS)),
    rest > 0 ? `and ${rest} more.` : undefined,
  );
}

/** There are more built-in roles than are shown, and the file's own are what people look for. */
function writtenFirst<T>(
  roles: Readonly<Record<string, T>>,
  { document }: Source,
): Readonly<Record<string, T>> {
  const isOwn = ([name]: readonly [string, T]) => Number(isWritten(["roles", name], document.value));
  return Object.fromEntries(Object.entries(roles).toSorted((a, b) => isOwn(b) - isOwn(a)));
}

/** Every single value below a path; lists of plain values are one value. */
function rowsOf(value: unknown, path: Path, source: Source): readonly (readonly string[])[] {
  if (value === undefined || isName(path)) return [];
  if (!isBranch(value))
    return [[code(nameOf(path)), code(textOf(value, path), CELL_CHARS), sourceOf(path, source)]];
  return Object.entries(value).flatMap(([key, inner]) =>
    rowsOf(inner, [...path, Array.isArray(value) ? Number(key) : key], source),
  );
}

/** Roles and kinds know their own names, which no file spells out. */
function isName(path: Path): boolean {
  return path.length === 3 && (path[0] === "roles" || path[0] === "kinds") && path[2] === "name";
}

function isBranch(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) ? value.some(isBranch) : Object.keys(value).length > 0;
}

function nameOf(path: Path): string {
  return writtenPath(path).reduce<string>(
    (name, part) => (typeof part === "number" ? `${name}[${part}]` : name === "" ? part : `${name}.${part}`),
    "",
  );
}

/** Durations are milliseconds inside and are called differently in the file. */
const DURATIONS: ReadonlyMap<unknown, string> = new Map([
  ["timeoutMs", "timeout"],
  ["lastsMs", "lasts"],
  ["pauseMs", "pause"],
]);

function writtenPath(path: Path): Path {
  return path.map((part) => DURATIONS.get(part) ?? part);
}

function textOf(value: unknown, path: Path): string {
  return DURATIONS.has(path.at(-1))
    ? duration(Number(value))
    : JSON.stringify(value).replace(/^"(.*)"$/u, "$1");
}

/** Where values come from. */
interface Source {
  readonly document: ReadableYaml;
  readonly decidedBy: (path: Path) => string | null;
}

function sourceOf(path: Path, { document, decidedBy }: Source): string {
  const elsewhere = decidedBy(path);
  if (elsewhere !== null) return elsewhere;
  const written = writtenPath(path);
  return isWritten(written, document.value) ? `line ${document.locateKey(written).line}` : "default";
}

function isWritten(path: Path, value: unknown): boolean {
  const [part, ...rest] = path;
  if (part === undefined) return value !== undefined;
  if (typeof value !== "object" || value === null) return false;
  const child = Object.entries(value).find(([key]) => key === String(part));
  return child !== undefined && isWritten(rest, child[1]);
}
