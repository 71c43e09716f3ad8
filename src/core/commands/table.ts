import type { CommandRow } from "./command-row.ts";
import { allowCommand } from "./rows/allow.ts";
import { approveCommand, unapproveCommand } from "./rows/approve.ts";
import { cancelCommand } from "./rows/cancel.ts";
import { checkConfigCommand, explainConfigCommand } from "./rows/configuration.ts";
import { endCommand } from "./rows/end.ts";
import { helpCommand, pingCommand } from "./rows/help.ts";
import { holdCommand, unholdCommand } from "./rows/hold.ts";
import { nextCommand, queueCommand, statusCommand, whyCommand } from "./rows/inspect.ts";
import { forgetCommand, knowledgeCommand } from "./rows/knowledge.ts";
import { overrideCommand } from "./rows/override.ts";
import { pauseCommand, resumeCommand } from "./rows/pause.ts";
import { priorityCommand } from "./rows/priority.ts";
import { reportCommand } from "./rows/report.ts";
import { retryCommand } from "./rows/retry.ts";
import { roadmapCommand } from "./rows/roadmap.ts";
import { runCommand } from "./rows/run.ts";
import { startCommand } from "./rows/start.ts";
import { stopCommand } from "./rows/stop.ts";

/** Every command, in the order in which help and documentation list them. */
export const COMMANDS: readonly CommandRow[] = [
  statusCommand,
  whyCommand,
  queueCommand,
  nextCommand,
  roadmapCommand,
  knowledgeCommand,
  runCommand,
  allowCommand,
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
  forgetCommand,
  startCommand,
  endCommand,
  pauseCommand,
  stopCommand,
  resumeCommand,
];
