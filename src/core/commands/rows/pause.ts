import { started, told } from "../answers.ts";
import { type CommandContext, type CommandRow, TAKES_NOTHING } from "../command-row.ts";
import { noteOf } from "../note-of.ts";

export const pauseCommand: CommandRow = {
  verb: "pause",
  aliases: [],
  group: "Administration",
  permission: "maintain",
  mutates: true,
  takes: { ...TAKES_NOTHING, reason: true },
  summary: "Starts nothing new in this repository.",
  details:
    "Nothing is dispatched, published or merged until it is lifted. Runs that are under way end as they end, and issues that are labelled meanwhile are queued.",
  examples: [{ line: "/orchestrate pause -- release day", does: "pauses the repository and says why" }],
  plan(context) {
    const { draft, origin, reason } = context;
    const known = draft.view.record.stored.pausedBy;
    if (known !== null) return told(`Nothing changed: this repository is paused by ${known} already.`);
    savePause(context, `@${origin.sender.login}${noteOf(reason)}`);
    const running = draft.activeTasks().filter((task) => task.state === "running").length;
    const rest = running === 0 ? "Nothing is running." : `What runs (${running}) ends as it ends.`;
    return started(`⏸️ This repository is paused. ${rest} Undo: \`/orchestrate resume\``);
  },
};

export const resumeCommand: CommandRow = {
  verb: "resume",
  aliases: ["unpause"],
  group: "Administration",
  permission: "maintain",
  mutates: true,
  takes: TAKES_NOTHING,
  summary: "Ends a pause.",
  details: "The queue goes on in its order.",
  examples: [{ line: "/orchestrate resume", does: "lets the repository go on" }],
  plan(context) {
    const { draft } = context;
    const known = draft.view.record.stored.pausedBy;
    if (known === null) return told("Nothing changed: this repository is not paused.");
    savePause(context, null);
    return started(
      `▶️ This repository goes on; it was paused by ${known}. ${draft.queueLength()} queued. Undo: \`/orchestrate pause\``,
    );
  },
};

function savePause({ draft, origin }: CommandContext, pausedBy: string | null): void {
  const { stored, status } = draft.view.record;
  draft.saveRepository({ ...stored, pausedBy }, status);
  draft.audit(pausedBy === null ? "repository.resumed" : "repository.paused", {
    actor: origin.sender.login,
    data: { pausedBy },
  });
}
