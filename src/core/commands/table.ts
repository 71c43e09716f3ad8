import type { CommandRow } from "./command-row.ts";
import { approveCommand, unapproveCommand } from "./rows/approve.ts";
import { cancelCommand } from "./rows/cancel.ts";
import { checkConfigCommand, explainConfigCommand } from "./rows/configuration.ts";
import { helpCommand, pingCommand } from "./rows/help.ts";
import { holdCommand, unholdCommand } from "./rows/hold.ts";
import { nextCommand, queueCommand, statusCommand, whyCommand } from "./rows/inspect.ts";
import { overrideCommand } from "./rows/override.ts";
import { pauseCommand, resumeCommand } from "./rows/pause.ts";
import { priorityCommand } from "./rows/priority.ts";
import { reportCommand } from "./rows/report.ts";
import { roadmapCommand } from "./rows/roadmap.ts";
import { retryCommand } from "./rows/retry.ts";
import { runCommand } from "./rows/run.ts";
import { stopCommand } from "./rows/stop.ts";

/** Every command, in the order in which help and documentation list them. */
export const COMMANDS: readonly CommandRow[] = [
  statusCommand,
  whyCommand,
  queueCommand,
  nextCommand,
  roadmapCommand,
  runCommand,
  retryCommand,
  cancelCommand,
  holdCommand,
  unholdCommand,
  priorityCommand,
  approveCommand,
  unapproveCommand,
  overrideCommand,
  helpCommand,
  pingCommand,
  checkConfigCommand,
  explainConfigCommand,
  reportCommand,
  pauseCommand,
  stopCommand,
  resumeCommand,
];
