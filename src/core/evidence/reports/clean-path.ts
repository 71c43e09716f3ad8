import { cleanText } from "./clean-text.ts";
import { FIELD_CHARS } from "./limits.ts";
import type { ReadOptions } from "./report.ts";

const DRIVE = /^[A-Za-z]:\//u;

/**
 * A path as the repository has it: forward slashes, relative. Runners check out `owner/name` into a directory `name/name`,
 * so an absolute path loses everything up to there.
 */
export function cleanPath(written: string, { root }: ReadOptions = {}): string {
  const path = cleanText(withoutScheme(written), FIELD_CHARS.path).replaceAll("\\", "/");
  const directory = root === undefined ? undefined : root.replaceAll("\\", "/").replace(/\/$/u, "");
  if (directory && path.startsWith(`${directory}/`)) return simplify(path.slice(directory.length + 1));
  return simplify(isAbsolute(path) ? withoutCheckout(path) : path);
}

function withoutScheme(written: string): string {
  if (!/^file:\/\//iu.test(written)) return written;
  const path = written.slice("file://".length).replace(/^\/(?=[A-Za-z]:)/u, "");
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function isAbsolute(path: string): boolean {
  return path.startsWith("/") || DRIVE.test(path);
}

function withoutCheckout(path: string): string {
  const parts = path.split("/");
  const twin = parts.findIndex((part, index) => part !== "" && part === parts[index + 1]);
  if (twin > 0 && twin + 2 < parts.length) return parts.slice(twin + 2).join("/");
  return path.startsWith("/github/workspace/") ? path.slice("/github/workspace/".length) : path;
}

/** Without `./` and empty steps, and with `a/../b` walked. */
function simplify(path: string): string {
  const kept: string[] = [];
  for (const part of path.split("/")) {
    const isUp = part === ".." && kept.length > 0 && kept.at(-1) !== "..";
    if (isUp) kept.pop();
    else if (part !== "" && part !== ".") kept.push(part);
  }
  return `${path.startsWith("/") ? "/" : ""}${kept.join("/")}`;
}
