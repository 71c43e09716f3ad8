import { isFailure, orUndefined } from "../client/github-problem.ts";
import type { RepositoryApi } from "../client/repository-api.ts";
import type { Data } from "../client/routes.ts";

/** Files of one commit. */
export interface FileSource {
  /** Of a file or a folder. */
  has(path: string): Promise<boolean>;
  /** Null when there is no such regular file. */
  text(path: string): Promise<string | null>;
}

interface Commit {
  readonly sha: string;
  readonly treeSha: string;
}

/** Every reader of these files refuses more than 64 KiB; one character above says so without carrying the rest. */
const MAX_TEXT_BYTES = 64 * 1024;
const TOO_LARGE = "#".repeat(MAX_TEXT_BYTES + 1);
const MAX_WORKFLOW_BYTES = 256 * 1024;
const REGULAR_MODES: ReadonlySet<string> = new Set(["100644", "100755"]);

/** One listing of everything where GitHub gives it whole, else one question per path. */
export async function openFiles(api: RepositoryApi, commit: Commit): Promise<FileSource> {
  const { tree, truncated } = await api.read("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", {
    tree_sha: commit.treeSha,
    recursive: "1",
  });
  if (truncated) return openByContents(api, commit.sha);
  const entryByPath = new Map(tree.map((entry) => [entry.path, entry]));
  return {
    has: async (path) => entryByPath.has(normalisePath(path)),
    async text(path) {
      const entry = entryByPath.get(normalisePath(path));
      if (!entry || !REGULAR_MODES.has(entry.mode)) return null;
      if ((entry.size ?? 0) > maxBytesOf(path)) return TOO_LARGE;
      const blob = await api.read(
        "GET /repos/{owner}/{repo}/git/blobs/{file_sha}",
        { file_sha: entry.sha },
        { remember: true },
      );
      return decodeText(blob.content);
    },
  };
}

/** The text of one file at one commit; undefined when it has none. */
export async function readFileAt(api: RepositoryApi, sha: string, path: string): Promise<string | undefined> {
  return (await openByContents(api, sha).text(path)) ?? undefined;
}

function openByContents(api: RepositoryApi, sha: string): FileSource {
  const read = (path: string) =>
    orUndefined(
      api.read("GET /repos/{owner}/{repo}/contents/{path}", { path: normalisePath(path), ref: sha }),
    );
  return {
    async has(path) {
      try {
        return (await read(path)) !== undefined;
      } catch (error) {
        // Very large files are there, but are not given out this way.
        if (isFailure(error, "refused") && error.failure.status === 403) return true;
        throw error;
      }
    },
    async text(path) {
      const content = await read(path);
      return content === undefined ? null : textOfContent(content, path);
    },
  };
}

/** The text of what is at a path; null when that is no regular file. */
export function textOfContent(
  content: Data<"GET /repos/{owner}/{repo}/contents/{path}">,
  path: string,
): string | null {
  if (Array.isArray(content) || content.type !== "file") return null;
  if (content.size > maxBytesOf(path)) return TOO_LARGE;
  return "content" in content ? decodeText(content.content) : null;
}

function maxBytesOf(path: string): number {
  return path.startsWith(".github/workflows/") ? MAX_WORKFLOW_BYTES : MAX_TEXT_BYTES;
}

function normalisePath(path: string): string {
  return path
    .split("/")
    .filter((segment) => segment !== "" && segment !== ".")
    .join("/");
}

export function decodeText(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8").replaceAll("\u0000", "");
}
