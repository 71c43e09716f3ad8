import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { findFact, keepFact } from "./fact-cache.ts";
import { tryGit } from "./run-git.ts";

export interface GitObject {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Larger objects are read again each time. */
const MAX_KEPT_BYTES = 256 * 1024;
const FULL_SHA = /^[0-9a-f]{40}$/;
const NUL = 0;

/**
 * An object of any type, undefined when the repository has none of this sha. Most are files of their own, deflated behind a
 * header `<type> <size>\0`; only those in a pack cost a process.
 */
export function readObject(gitDir: string, sha: string): GitObject | undefined {
  if (!FULL_SHA.test(sha)) return undefined;
  const key = [gitDir, "object", sha];
  const known = findFact<GitObject>(key);
  if (known !== undefined) return known;
  const object = readLoose(gitDir, sha) ?? readPacked(gitDir, sha);
  // A missing object may arrive later, so only found ones are remembered.
  if (object !== undefined && object.bytes.length <= MAX_KEPT_BYTES) keepFact(key, object);
  return object;
}

function readLoose(gitDir: string, sha: string): GitObject | undefined {
  let deflated: Buffer;
  try {
    deflated = readFileSync(join(gitDir, "objects", sha.slice(0, 2), sha.slice(2)));
  } catch {
    return undefined;
  }
  const content = inflateSync(deflated);
  const end = content.indexOf(NUL);
  const [type = ""] = content.toString("latin1", 0, end).split(" ");
  return { type, bytes: content.subarray(end + 1) };
}

function readPacked(gitDir: string, sha: string): GitObject | undefined {
  const { stdout } = tryGit({ gitDir, args: ["cat-file", "--batch"], input: `${sha}\n` });
  const lineEnd = stdout.indexOf("\n");
  const [, type = "missing", size = ""] = stdout.toString("latin1", 0, lineEnd).split(" ");
  if (type === "missing") return undefined;
  return { type, bytes: stdout.subarray(lineEnd + 1, lineEnd + 1 + Number(size)) };
}
