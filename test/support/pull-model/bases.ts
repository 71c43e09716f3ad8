import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { z } from "zod";
import type { Tree } from "./diff-texts.ts";

const FILE = new URL("../../../fixtures/pull-requests/bases.yml", import.meta.url);

const BASES = z.record(z.string(), z.record(z.string(), z.string())).parse(load(readFileSync(FILE, "utf8")));

/** The files of the repository that histories of this base play in. */
export function treeOf(base: string): Tree {
  const tree = BASES[base];
  if (tree === undefined) throw new Error(`there is no base ${base}`);
  return tree;
}
