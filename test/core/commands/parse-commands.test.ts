import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Argument,
  type ParsedCommand,
  parseCommands,
  printCommand,
  targetsOf,
} from "../../../src/core/commands/parse-commands.ts";

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/u);
const repoName = fc.stringMatching(/^[A-Za-z0-9][\w.-]{0,10}\/[\w.-]{1,10}$/u);

/** Text of one line without blanks; whatever else a keyboard or an attacker can produce may be in it. */
const solid = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
  .filter((text) => !/[ \t\u00a0\r\n]/u.test(text) && text !== "--" && text !== "—");

const argument: fc.Arbitrary<Argument> = fc.oneof(
  fc.record({
    kind: fc.constant("issue"),
    number: fc.integer({ min: 0, max: 999_999_999 }),
    repo: fc.option(repoName),
  }),
  fc.record({ kind: fc.constant("flag"), name }),
  fc.record({ kind: fc.constant("option"), key: name, value: fc.oneof(solid, fc.constant("")) }),
  fc.record({
    kind: fc.constant("word"),
    text: solid.filter((text) => /^[^#\-—<h/\\]/u.test(text) && !/[=#]/u.test(text) && !text.endsWith("\\")),
  }),
);

const reason = fc
  .array(solid, { minLength: 1, maxLength: 5 })
  .map((words) => words.join(" "))
  .filter((text) => !text.endsWith("\\"));

const command: fc.Arbitrary<ParsedCommand> = fc
  .record({ verb: name, args: fc.array(argument, { maxLength: 6 }), reason: fc.option(reason) })
  .map((parts) => ({ ...parts, line: printCommand(parts), isTooLong: false }));

describe("F174 the grammar of commands", () => {
  it("reads what it printed as the same command", () => {
    fc.assert(
      fc.property(command, (written) => {
        expect(parseCommands(written.line).commands).toEqual([written]);
      }),
      { numRuns: 1000 },
    );
  });

  it("reads several commands in the order of their lines", () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 10 }), (written) => {
        const body = written.map(({ line }) => line).join("\n\n");

        expect(parseCommands(body).commands).toEqual(written);
      }),
    );
  });

  it("takes any line of any text apart the same way twice, and never into more than the line says", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "/orchestrate",
        "/orchestrate retry",
        "\n",
        "\r\n",
        "> ",
        "- ",
        "```",
        "`",
        "<!--",
        "-->",
      ),
      fc.constantFrom(
        "\u00a0",
        "\u200b",
        "\t",
        "    ",
        "|",
        "---",
        "#",
        "[",
        "](",
        "--",
        "—",
        "<details>",
        "\\",
      ),
      fc.string({ unit: "binary", maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const body = pieces.join("");
        const parsed = parseCommands(body);

        expect(parseCommands(body)).toEqual(parsed);
        for (const { line } of parsed.commands) {
          expect(body).toContain(line);
          expect(line.toLowerCase().startsWith("/orchestrate")).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("prints what it read to something that it reads again as the same", () => {
    const line = fc.array(fc.oneof(solid, fc.constantFrom("--x", "#1", "a=b", "--", "—", "a/b#2")), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(line, (words) => {
        for (const read of parseCommands(`/orchestrate ${words.join(" ")}`).commands) {
          const [again] = parseCommands(printCommand(read)).commands;
          expect(again).toEqual({ ...read, line: printCommand(read) });
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    [">".repeat(65_536)],
    ["> - ".repeat(16_384)],
    ["a\n=\n".repeat(16_384)],
    ["[a](".repeat(16_384)],
    ["~a~~b".repeat(13_107)],
    ["- ".repeat(300)],
    ["`a``b```c````".repeat(1_250)],
    ["<!--".repeat(4_000)],
  ])("ends on a text that is made to be slow (%#)", (hostile) => {
    expect(parseCommands(`/orchestrate retry\n\n${hostile}`).commands.length).toBeLessThanOrEqual(1);
  });

  it("tells which issues a comment names, each once and in order", () => {
    const body = [
      "/orchestrate why #12",
      "`/orchestrate why #13`",
      "/orchestrate retry acme/shop#7 #12",
      "/orchestrate cancel https://github.com/acme/shop/issues/9",
      "about #14",
    ].join("\n");

    expect(targetsOf(body)).toEqual([12, 7, 9]);
  });
});
