import { COMMAND_GROUPS, type CommandRow, usageOf } from "../../commands/command-row.ts";
import { hasPermission, type Permission } from "../../repo.ts";
import { code, folded, paragraphs } from "../text.ts";

/** Every command under its heading; those that the asker may not run are folded away with the level they need. */
export function commandList(facts: {
  readonly rows: readonly CommandRow[];
  readonly permission: Permission;
  /** A name that was asked for and is none. */
  readonly unknown: string | null;
}): string {
  const allowed = facts.rows.filter((row) => hasPermission(facts.permission, row.permission));
  const others = facts.rows.filter((row) => !allowed.includes(row));
  return paragraphs(
    facts.unknown === null ? "What you can write here:" : `There is no command ${code(facts.unknown)}.`,
    ...COMMAND_GROUPS.map((group) => section(group, allowed)),
    folded(
      "Commands that need more than you have here",
      others.map((row) => `${lineOf(row)} Needs **${row.permission}**.`).join("\n"),
    ),
    "More about one: `/orchestrate help <command>`. Each command stands at the start of a line of its own.",
  );
}

function section(group: CommandRow["group"], rows: readonly CommandRow[]): string {
  const lines = rows.filter((row) => row.group === group).map(lineOf);
  return lines.length === 0 ? "" : [`**${group}**`, "", ...lines].join("\n");
}

function lineOf(row: CommandRow): string {
  return `- \`${usageOf(row)}\`: ${row.summary}`;
}

/** Everything about one command. */
export function commandHelp(row: CommandRow): string {
  const options = row.takes.options.map(({ name, value, does }) => `- \`${name}=${value}\`: ${does}`);
  const flags = [
    ...row.takes.flags,
    ...(row.mutates ? [{ name: "dry-run", does: "Shows what would change and changes nothing." }] : []),
  ];
  const names = row.aliases.map((alias) => `\`${alias}\``).join(", ");
  return paragraphs(
    `\`${usageOf(row)}\``,
    `${row.summary} ${row.details}`,
    [
      ...options,
      ...flags.map((flag) => `- \`--${flag.name}\`: ${flag.does}`),
      ...(row.takes.issue
        ? ["- `#n`: the task's issue or pull request; without it, the one that you write on."]
        : []),
    ].join("\n"),
    ["Examples:", "", ...row.examples.map(({ line, does }) => `- \`${line}\` ${does}`)].join("\n"),
    `Who: **${row.permission}** or more.${names === "" ? "" : ` Also: ${names}.`}`,
  );
}
