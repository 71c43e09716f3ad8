import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseCommands, printCommand } from "../../../src/core/commands/parse-commands.ts";

interface Comment {
  readonly name: string;
  readonly body: string;
  readonly commands: readonly string[];
  readonly misplaced: readonly string[];
  readonly surplus?: number;
  readonly tooLong?: boolean;
  readonly isUnread?: boolean;
}

const comments: readonly Comment[] = JSON.parse(
  readFileSync(new URL("../../../fixtures/comments/comments.json", import.meta.url), "utf8"),
);

describe("F173 F174 comments people write", () => {
  it.each(comments)("reads $name", (comment) => {
    const parsed = parseCommands(comment.body);

    expect(parsed.commands.map(printCommand)).toEqual(comment.commands);
    expect(parsed.misplaced).toEqual(comment.misplaced);
    expect(parsed.surplus).toBe(comment.surplus ?? 0);
    expect(parsed.isUnread).toBe(comment.isUnread ?? false);
    expect(parsed.commands.some((command) => command.isTooLong)).toBe(comment.tooLong ?? false);
  });

  it("are many", () => {
    expect(comments.length).toBeGreaterThanOrEqual(60);
    expect(new Set(comments.map(({ name }) => name)).size).toBe(comments.length);
  });
});
