import type { CommandRow } from "./command-row.ts";
import { approveCommand, unapproveCommand } from "./rows/approve.ts";
import { cancelCommand } from "./rows/cancel.ts";
import { checkConfigCommand, explainConfigCommand } from "./rows/configuration.ts";
import { helpCommand, pingCommand } from "./rows/help.ts";
import { holdCommand, unholdCommand } from "./rows/hold.ts";
import { nextCommand, queueCommand, statusCommand, whyCommand } from "./rows/inspect.ts";
import { pauseCommand, resumeCommand } from "./rows/pause.ts";
import { priorityCommand } from "./rows/priority.ts";
import { reportCommand } from "./rows/report.ts";
import { retryCommand } from "./rows/retry.ts";
import { runCommand } from "./rows/run.ts";

/** Every command, in the order in which help and documentation list them. */
export const COMMANDS: readonly CommandRow[] = [
  statusCommand,
  whyCommand,
  queueCommand,
  nextCommand,
  runCommand,
  retryCommand,
  cancelCommand,
  holdCommand,
  unholdCommand,
  priorityCommand,
  approveCommand,
  unapproveCommand,
  helpCommand,
  pingCommand,
  checkConfigCommand,
  explainConfigCommand,
  reportCommand,
  pauseCommand,
  resumeCommand,
];
