import { validationFailed } from "../../http/body-fields.ts";

export const MAX_BODY = 65_536;

/** Refuses a text that is longer than GitHub stores, in the words GitHub uses for that kind of record. */
export function checkBodyLength(
  resource: "Issue" | "IssueComment" | "PullRequest",
  text: string | null,
): void {
  if (text === null || text.length <= MAX_BODY) return;
  const limit = `is too long (maximum is ${MAX_BODY} characters)`;
  throw resource === "IssueComment"
    ? validationFailed({ resource, code: "unprocessable", field: "data", message: `Body ${limit}` })
    : validationFailed({ resource, code: "custom", field: "body", message: `body ${limit}` });
}
