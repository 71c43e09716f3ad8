import { GATE_RULES, isOverridable } from "../../gate/evaluate-pull.ts";
import type { GateResult } from "../../gate/verdict.ts";
import { code, inline } from "../../messages/text.ts";
import type { Answer } from "../../plan/draft.ts";
import { suggest } from "../../yaml/suggest.ts";
import { refused, started, told } from "../answers.ts";
import { type CommandContext, type CommandRow, TAKES_ISSUE } from "../command-row.ts";
import { askGatesAgain, type Review, refuseElsewhereBound, withReview } from "../find-review.ts";

const MAX_REASON_CHARS = 300;
/** GitHub tells the moment of a comment in whole seconds. */
const SECOND_MS = 1_000;

export const overrideCommand: CommandRow = {
  verb: "override",
  aliases: [],
  group: "Reviewing and releasing",
  permission: "maintain",
  mutates: true,
  takes: {
    ...TAKES_ISSUE,
    word: {
      name: "gate",
      isRequired: true,
      pattern: /^[a-z][a-z0-9_.:/-]{0,99}$/u,
      expected: "the name of a gate, such as integrity",
    },
    reason: true,
  },
  summary: "Sets one gate aside for one commit, with a reason.",
  details:
    "It counts for exactly the commit that is the head now: after a push the gate decides again. The reason is required and stays in the audit and in the check. Whoever asked for the work or wrote it cannot, and bots cannot; the gates `head` and `approval` cannot be set aside.",
  examples: [
    {
      line: "/orchestrate override integrity -- the threshold was agreed on in #12",
      does: "lets this commit pass although it changes what proves it",
    },
  ],
  plan: (context) => withReview(context, (review) => override(context, review)),
};

function override(context: CommandContext, review: Review): Answer {
  const { draft, origin, word, reason } = context;
  const { sender } = origin;
  const gate = nameOf(review, word ?? "");
  const obstacle = findObstacle(context, review, gate);
  if (obstacle !== undefined) return obstacle;
  const said = (reason ?? "").slice(0, MAX_REASON_CHARS).toWellFormed();
  const { headSha: sha, baseRef: base } = review;
  const entry = { gate, sha, base, by: sender, at: draft.now, reason: said };
  const others = review.overrides.filter(
    (known) =>
      known.sha === review.headSha &&
      !(known.gate === gate && known.by.id === sender.id && (known.base ?? base) === base),
  );
  review.save({ overrides: [...others, entry] }, `set the gate ${gate} aside: ${said}`);
  askGatesAgain(context, review, {
    kind: "pull.override",
    data: { gate, sha: review.headSha, reason: said },
  });
  return started(
    `⚠️ The gate ${code(gate)} is set aside for ${code(review.headSha.slice(0, 12))} of pull request #${review.number}: ${inline(said, MAX_REASON_CHARS)}. The gates look at it again; a push ends it.`,
  );
}

/** The gate as it calls itself; a word of a command has lost its capitals. */
function nameOf({ verdict }: Review, word: string): string {
  return verdict?.gates.find(({ gate }) => gate.toLowerCase() === word)?.gate ?? word;
}

/** Why the gate is not set aside. */
function findObstacle(context: CommandContext, review: Review, gate: string): Answer | undefined {
  const { sender } = context.origin;
  const head = code(review.headSha.slice(0, 12));
  if (sender.type !== "User") return refused("Only people can set a gate aside; your account is a bot's.");
  if (sender.id === review.requester.id || sender.id === review.pusher?.id)
    return refused("It is your own work, so another maintainer has to set a gate aside for it.");
  const results = resultsOf(review, gate);
  if (!isOverridable(gate)) return refused(refuseGate(gate));
  if ((context.reason ?? "").trim() === "")
    return refused(
      `A reason is needed: \`${review.commandFor(`override ${gate} -- why it may pass`)}\`. It stays in the audit.`,
    );
  if (review.isReplaced)
    return refused(`The next attempt is under way, so a gate set aside for ${head} would decide nothing.`);
  if (context.origin.createdAt + SECOND_MS <= review.headSince)
    return refused(
      `The head became ${head} after you wrote this, so it was not that commit which you looked at. Look at it, then write it again.`,
    );
  const elsewhere = refuseElsewhereBound(context, review);
  if (elsewhere !== undefined) return elsewhere;
  if (review.verdict === null)
    return refused(`There is no verdict about ${head} yet; set a gate aside when it is known what it says.`);
  if (results.length === 0)
    return told(`Nothing changed: the gate ${code(gate)} was not asked about ${head}.`);
  if (results.every(({ verdict }) => verdict === "PASS"))
    return told(`Nothing changed: the gate ${code(gate)} passes for ${head}.`);
  return undefined;
}

/** What the gate said; one of several figures says one thing for each. */
function resultsOf({ verdict }: Review, gate: string): readonly GateResult[] {
  return (verdict?.gates ?? []).filter((known) => known.gate === gate || known.gate.startsWith(`${gate}.`));
}

function refuseGate(gate: string): string {
  const names = GATE_RULES.filter((rule) => rule.isOverridable).map((rule) => rule.name);
  if (GATE_RULES.some((rule) => rule.name === gate))
    return `The gate ${code(gate)} cannot be set aside. These can: ${names.map((name) => code(name)).join(", ")}.`;
  const hint = suggest(gate, names);
  return `There is no gate ${code(gate)}${hint === undefined ? "" : ` (did you mean ${code(hint)}?)`}. These can be set aside: ${names.map((name) => code(name)).join(", ")}.`;
}
