import type { Stage } from "./github-client.ts";

/** The status comment of an issue, without its hidden marker; undefined until there is one. */
export async function readStatus(stage: Stage, issue: number): Promise<string | undefined> {
  const comments = await readBotComments(stage, issue);
  const status = comments.find((body) => body.includes(`:status:${issue}`));
  return status?.replace(/<!--[\s\S]*?-->\n?/gu, "").trim();
}

/** Every comment of the app on an issue, oldest first, markers included. */
export async function readBotComments(stage: Stage, issue: number): Promise<readonly string[]> {
  const { owner, repo } = stage;
  const { data } = await stage
    .as("mia")
    .rest.issues.listComments({ owner, repo, issue_number: issue, per_page: 100 });
  return data.filter((comment) => comment.user?.type === "Bot").map((comment) => comment.body ?? "");
}

/** The newest answer of the app to a command. */
export async function readReply(stage: Stage, issue: number, commentId: number): Promise<string | undefined> {
  const comments = await readBotComments(stage, issue);
  const reply = comments.find((body) => body.includes(`reply:${commentId}`));
  return reply?.replace(/<!--[\s\S]*?-->\n?/gu, "").trim();
}

/** Asks until something is there, and fails with a sentence that says what was waited for. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined>,
  timeoutMs = 60_000,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  throw new Error(`waited ${Math.round(timeoutMs / 1000)} s in vain for ${what}`, { cause: last });
}
