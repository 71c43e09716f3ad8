import type { Tree } from "./diff-texts.ts";
import type { Changes } from "./step.ts";

/** The files that a change writes (text) or takes away (null). */
export function listChanges(tree: Tree, change: Changes): Readonly<Record<string, string | null>> {
  const edited = Object.entries(change.edit ?? {}).map(([path, places]) => [
    path,
    editText(tree, path, places),
  ]);
  const moved = Object.entries(change.move ?? {}).flatMap(([from, to]) => [
    [from, null],
    [to, tree[from] ?? ""],
  ]);
  const { long, many = 0 } = change;
  const lines = Array.from(
    { length: long?.lines ?? 0 },
    (_, index) => `export const value${index} = ${index};`,
  );
  return Object.fromEntries([
    ...edited,
    ...moved,
    ...Object.entries(change.write ?? {}),
    ...(change.remove ?? []).map((path) => [path, null]),
    ...(long === undefined ? [] : [[long.path, `${lines.join("\n")}\n`]]),
    ...Array.from({ length: many }, (_, index) => [
      `src/part-${index}.js`,
      `export const part = ${index};\n`,
    ]),
  ]);
}

function editText(tree: Tree, path: string, places: readonly (readonly [string, string])[]): string {
  return places.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`${path} does not have ${JSON.stringify(from)}`);
    return text.replace(from, () => to);
  }, tree[path] ?? "");
}

export function applyChanges(tree: Tree, change: Changes): Tree {
  const next: Record<string, string> = { ...tree };
  for (const [path, text] of Object.entries(listChanges(tree, change))) {
    if (text === null) delete next[path];
    else next[path] = text;
  }
  return next;
}
