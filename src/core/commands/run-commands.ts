import { dryRunMessage } from "../messages/commands/dry-run.ts";
import { permissionMessage, tooLongMessage, unknownCommandMessage } from "../messages/commands/problems.ts";
import type { Answer, Draft } from "../plan/draft.ts";
import { hasPermission } from "../repo.ts";
import { suggest } from "../yaml/suggest.ts";
import { misread, refused } from "./answers.ts";
import type { CommandContext, CommandOrigin, CommandRow } from "./command-row.ts";
import { keepLastWord, refuseOvertaken } from "./overtaken.ts";
import { type ParsedCommand, parseCommands } from "./parse-commands.ts";
import { planDry } from "./plan-dry.ts";
import { DRY_RUN, readArguments } from "./read-arguments.ts";
import { COMMANDS } from "./table.ts";

/** What came of one command; `verb` is null for an answer about several. */
export interface CommandAnswer extends Answer {
  readonly verb: string | null;
}

/** Runs a comment's commands in order on one draft; commands that need a higher permission share one refusal. */
export function runCommands(
  draft: Draft,
  commands: readonly ParsedCommand[],
  origin: CommandOrigin,
): readonly CommandAnswer[] {
  const asked = commands.map((command) => ({ command, row: findCommand(command.verb) }));
  const beyond = asked.flatMap(({ row }) => (row !== undefined && !mayRun(row, origin) ? [row] : []));
  const answers = asked
    .filter(({ row }) => row === undefined || mayRun(row, origin))
    .map(({ command, row }) => {
      const answer = runCommand(draft, { command, row, origin });
      return { ...answer, verb: row?.verb ?? command.verb };
    });
  for (const answer of answers) auditCommand(draft, origin, answer);
  if (beyond.length === 0) return answers;
  const refusal = refused(permissionMessage({ refused: beyond, have: origin.permission }));
  for (const row of beyond) auditCommand(draft, origin, { ...refusal, verb: row.verb });
  return [...answers, { ...refusal, verb: null }];
}

function mayRun(row: CommandRow, origin: CommandOrigin): boolean {
  return hasPermission(origin.permission, row.permission);
}

function auditCommand(draft: Draft, origin: CommandOrigin, answer: CommandAnswer): void {
  draft.audit("command", {
    actor: origin.sender.login,
    taskId: draft.focus?.id ?? null,
    data: {
      verb: findCommand(answer.verb ?? "")?.verb ?? "unknown",
      issue: origin.issue,
      permission: origin.permission,
      answer: answer.reaction,
    },
  });
}

/** The commands that a comment gives, each by its first name; what is none is left out. */
export function listCommands(body: string): readonly ParsedCommand[] {
  return parseCommands(body).commands.flatMap((command) => {
    const row = findCommand(command.verb);
    return row === undefined ? [] : [{ ...command, verb: row.verb }];
  });
}

/** The row of a verb or of one of its other names; no verb at all asks for help. */
export function findCommand(verb: string): CommandRow | undefined {
  const wanted = verb === "" ? "help" : verb;
  return COMMANDS.find((row) => row.verb === wanted || row.aliases.includes(wanted));
}

function runCommand(
  draft: Draft,
  run: {
    readonly command: ParsedCommand;
    readonly row: CommandRow | undefined;
    readonly origin: CommandOrigin;
  },
): Answer {
  const { command, row, origin } = run;
  if (command.isTooLong) return misread(tooLongMessage());
  if (row === undefined) return misread(unknownMessage(command.verb));
  const reading = readArguments(row, command);
  if (!reading.ok) return reading.answer;
  const context: CommandContext = { draft, origin, ...reading.value, rows: COMMANDS };
  const late = refuseOvertaken(row, context);
  if (late !== undefined) return late;
  if (!row.mutates || !context.flags.has(DRY_RUN)) {
    keepLastWord(row, context);
    return row.plan(context);
  }
  const { answer, changes } = planDry(row, context);
  return { text: dryRunMessage({ answer: answer.text, changes }), reaction: answer.reaction };
}

function unknownMessage(verb: string): string {
  const known = COMMANDS.flatMap((row) => [row.verb, ...row.aliases]);
  return unknownCommandMessage({ verb, suggestion: suggest(verb, known) });
}
