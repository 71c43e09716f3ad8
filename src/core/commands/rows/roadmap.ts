import { roadmapMessage } from "../../messages/roadmap/roadmap-list.ts";
import { describeRoadmap } from "../../plan/roadmap/describe-roadmap.ts";
import { refused, told } from "../answers.ts";
import { type CommandRow, TAKES_NOTHING } from "../command-row.ts";

/** How many tasks are listed. */
const LISTED = 30;

export const roadmapCommand: CommandRow = {
  verb: "roadmap",
  aliases: [],
  group: "Working with tasks",
  permission: "read",
  mutates: false,
  takes: TAKES_NOTHING,
  summary: "Lists the open tasks of the roadmap, and why those without an issue have none.",
  details: `The first ${LISTED}, in the order in which they get their issues, each with every reason that keeps it back.`,
  examples: [{ line: "/orchestrate roadmap", does: "lists the open tasks of the roadmap" }],
  plan({ draft }) {
    const overview = describeRoadmap(draft);
    if (overview === null)
      return refused(
        "There is no roadmap in force: `roadmap` in `.github/orchestrator.yml` names its file, and `/orchestrate check-config` lists what is wrong with it.",
      );
    return told(roadmapMessage({ ...overview, limit: LISTED }));
  },
};
