import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { COMMAND_GROUPS, type CommandRow, usageOf } from "../src/core/commands/command-row.ts";
import { LINE_MAX_CHARS, MAX_COMMANDS } from "../src/core/commands/parse-commands.ts";
import { COMMANDS } from "../src/core/commands/table.ts";
import type { GeneratedFile } from "./generate-config-docs.ts";

/** The page about commands as the table of commands makes it. */
export function generateCommandFiles(): readonly GeneratedFile[] {
  return [{ path: "docs/commands.md", text: renderCommandDocs() }];
}

function renderCommandDocs(): string {
  const lines = [
    "<!-- Generated from src/core/commands/table.ts by scripts/generate-command-docs.ts. Change the table, not this page. -->",
    "",
    "# Commands",
    "",
    "Write a command in a comment on an issue or a pull request, at the start of a line of its own. A comment may",
    `have ${MAX_COMMANDS} commands of at most ${LINE_MAX_CHARS.toLocaleString("en")} characters each; they are run in order, and one reply answers all of them.`,
    "",
    "A line is no command in code, quotes, lists, tables, headings and HTML. Commands count when a comment is",
    "created: a command that comes by editing gets a hint, and deleting a comment takes nothing back. A command that",
    "reaches this app more than an hour after it was written is answered and not run.",
    "",
    "In the text of a review, and beside a line of a change, no command is read; it gets a hint as well.",
    "",
    "Webhooks may overtake each other. What was written before an `unapprove`, `hold`, `cancel`, `pause` or `end` and",
    "arrives after it does not undo it: the last word counts.",
    "",
    "Your permission is asked of GitHub at that moment. Bots are not heard, unless `allowedBots` names them.",
    "",
    "Your comment gets a reaction: 🚀 something was set in motion, 👍 answered, 👎 not done, 😕 not understood.",
    "",
    "| command | permission | |",
    "|---|---|---|",
    ...COMMANDS.map((row) => `| [\`${row.verb}\`](#${row.verb}) | ${row.permission} | ${row.summary} |`),
    "",
    ...COMMAND_GROUPS.flatMap((group) => [
      `## ${group}`,
      "",
      ...COMMANDS.filter((row) => row.group === group).flatMap(renderCommand),
    ]),
    "## Words that several commands take",
    "",
    "- `#n` names the issue or pull request of a task; `owner/name#n` and a full address are the same. Without it, the",
    "  task of the place that you write on is meant.",
    "- `--dry-run` shows what would change and changes nothing. Every command that changes something takes it.",
    "- `-- reason` is free text to the end of the line. It is kept in the history.",
  ];
  return `${lines.join("\n")}\n`;
}

function renderCommand(row: CommandRow): readonly string[] {
  const aliases = row.aliases.map((alias) => `\`${alias}\``).join(", ");
  return [
    `### ${row.verb}`,
    "",
    "```text",
    usageOf(row),
    "```",
    "",
    `${row.summary} ${row.details}`,
    "",
    `Needs **${row.permission}**.${aliases === "" ? "" : ` Also: ${aliases}.`}`,
    "",
    ...row.takes.options.map(({ name, value, does }) => `- \`${name}=${value}\`: ${does}`),
    ...row.takes.flags.map((flag) => `- \`--${flag.name}\`: ${flag.does}`),
    ...(row.takes.flags.length + row.takes.options.length === 0 ? [] : [""]),
    ...row.examples.map(({ line, does }) => `- \`${line}\` ${does}`),
    "",
  ];
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("../", import.meta.url));
  for (const { path, text } of generateCommandFiles()) writeFileSync(root + path, text);
}
