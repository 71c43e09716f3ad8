import { listKnown, NOTHING_KNOWN } from "../../knowledge/knowledge.ts";
import { forget } from "../../knowledge/learn.ts";
import { knowledgeMessage } from "../../messages/commands/knowledge-list.ts";
import { code, inline } from "../../messages/text.ts";
import { refused, started, told } from "../answers.ts";
import { type CommandRow, TAKES_NOTHING } from "../command-row.ts";

/** How many learnings are listed. */
const LISTED = 30;

export const knowledgeCommand: CommandRow = {
  verb: "knowledge",
  aliases: ["learnings"],
  group: "Working with tasks",
  permission: "read",
  mutates: false,
  takes: TAKES_NOTHING,
  summary: "Lists what tasks of this repository have learned.",
  details: `The first ${LISTED}, the surest first. A task is told at most five of them, those about the paths that it works on before those about everything. Whatever no task has learned again for 90 days is dropped.`,
  examples: [{ line: "/orchestrate knowledge", does: "lists what is known, with the id of each" }],
  plan({ draft }) {
    const { stored } = draft.view.record;
    return told(
      knowledgeMessage({
        known: listKnown(stored.knowledge ?? NOTHING_KNOWN, draft.now),
        limit: LISTED,
        isTold: draft.view.config?.knowledge.brief !== false,
      }),
    );
  },
};

export const forgetCommand: CommandRow = {
  verb: "forget",
  aliases: [],
  group: "Administration",
  permission: "maintain",
  mutates: true,
  takes: {
    ...TAKES_NOTHING,
    word: {
      name: "id",
      isRequired: true,
      pattern: /^[0-9a-f]{8}$/u,
      expected: "the id of a learning, as `/orchestrate knowledge` lists it",
    },
  },
  summary: "Takes a learning out for good, so that no task is told it any more.",
  details:
    "A task that learns the same again does not bring it back. What is under way has been told already.",
  examples: [{ line: "/orchestrate forget 1c0ffee1", does: "forgets the learning of this id" }],
  plan({ draft, origin, word }) {
    const { stored, status } = draft.view.record;
    const known = stored.knowledge ?? NOTHING_KNOWN;
    const id = word ?? "";
    const knowledge = forget(known, id);
    if (knowledge === undefined)
      return refused(`Nothing with the id ${code(id)} is known. \`/orchestrate knowledge\` lists what is.`);
    draft.saveRepository({ ...stored, knowledge }, status);
    draft.audit("knowledge.forgotten", { actor: origin.sender.login, data: { id } });
    const title = known.objects.find((object) => object.id === id)?.title ?? "";
    return started(`🧹 Forgotten for good: ${code(id)} ${inline(title, 200)}. No task is told it any more.`);
  },
};
