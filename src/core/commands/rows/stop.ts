import type { Draft } from "../../plan/draft.ts";
import { heedStops } from "../../plan/heed-stops.ts";
import type { Actor } from "../../repo.ts";
import { describeStop } from "../../stop/explain-stop.ts";
import { type Stop, scopeOfRepository } from "../../stop/stop.ts";
import { started, told } from "../answers.ts";
import { type CommandContext, type CommandRow, TAKES_NOTHING } from "../command-row.ts";

const KEEP_RUNS = "keep-runs";

export const stopCommand: CommandRow = {
  verb: "stop",
  aliases: ["halt"],
  group: "Administration",
  permission: "maintain",
  mutates: true,
  takes: {
    ...TAKES_NOTHING,
    flags: [{ name: KEEP_RUNS, does: "Lets runs that are under way go on; what comes of them waits." }],
    reason: true,
  },
  summary: "Kill switch: ends all runs and writes nothing in this repository any more.",
  details:
    "From then on nothing is dispatched, published, merged, commented, labelled or checked here, also what was ordered before; the answer to this command is the last word. What happens meanwhile is taken in, and only `/orchestrate resume` goes on with it. A `stop` after a `stop --keep-runs` ends the runs as well. Several repositories at once are stopped by the operator.",
  examples: [
    { line: "/orchestrate stop -- it edits the wrong files", does: "stops everything here and says why" },
    { line: "/orchestrate stop --keep-runs", does: "stops everything but the runs that are under way" },
  ],
  plan({ draft, origin, flags, reason }) {
    const known = findOwnStop(draft);
    const isNews = addsTo(known, flags);
    if (!isNews && known !== undefined && known.commentId !== origin.commentId)
      return told(`Nothing changed. ${describeStop(known)}`);
    const stop = isNews ? undefined : known;
    const { scope, why, keepsRuns } = stop ?? orderStop(draft, origin, { flags, reason });
    draft.audit("repository.stopped", { actor: origin.sender.login, data: { scope, why, keepsRuns } });
    const before = countRuns(draft);
    heedStops(draft);
    const ended = before - countRuns(draft);
    const broken = ended === 0 ? "No run is under way any more." : `Runs being cancelled: ${ended}.`;
    return started(
      `⛔ Everything here is stopped. ${keepsRuns ? "Runs that are under way go on." : broken} Nothing else is written until ${whoResumes(draft)}, not even answers.`,
    );
  },
};

/** The stop that a comment ordered. */
export function findOwnStop(draft: Draft): Stop | undefined {
  return draft.stops().find(({ source }) => source === "command");
}

/** Whether a command orders more than what is in force: a stop that let runs go on does so no longer. */
export function addsTo(known: Stop | undefined, flags: CommandContext["flags"]): boolean {
  return known === undefined || (known.keepsRuns && !flags.has(KEEP_RUNS));
}

function whoResumes({ view }: Draft): string {
  return view.governed ? "another maintainer writes `/orchestrate resume`" : "`/orchestrate resume`";
}

function countRuns(draft: Draft): number {
  return draft.activeTasks().filter((task) => task.correlation !== null).length;
}

/** Stops the repository because of a comment. */
export function orderStop(
  draft: Draft,
  comment: { readonly sender: Actor; readonly commentId: number },
  { flags, reason: why }: Pick<CommandContext, "flags" | "reason">,
): Stop {
  const stop: Stop = {
    scope: scopeOfRepository(draft.repo.id),
    source: "command",
    by: `@${comment.sender.login}`,
    byId: comment.sender.id,
    at: draft.now,
    why,
    keepsRuns: flags.has(KEEP_RUNS),
    commentId: comment.commentId,
  };
  draft.changeStop({ kind: "set", stop });
  return stop;
}
