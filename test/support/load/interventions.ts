import { setTimeout as wait } from "node:timers/promises";
import type { WorkflowRun } from "../../../src/sandbox/world/records.ts";
import { type LoadStage, nameOf, type Place, REQUESTER, REVIEWER } from "./load-stage.ts";
import type { Intervention } from "./planned-issues.ts";

const THINKING_MS = 2_000;

/** What people do when they see what they wait for. */
const INTERVENTIONS: Readonly<Record<Intervention, (stage: LoadStage, place: Place) => Promise<unknown>>> = {
  async approve(stage, place) {
    await untilShown(stage, place, "`approval.missing`");
    const pull = [...place.repo.pulls.values()].find(
      ({ headRef }) => issueOfBranch(headRef) === place.number,
    );
    if (pull === undefined) throw new Error(`#${place.number} waits for an approval of nothing`);
    await stage.command(REVIEWER, place, `/orchestrate approve ${pull.headSha}`);
  },
  async "hold-and-unhold"(stage, place) {
    await untilShown(stage, place, "orchestrator:");
    const id = await stage.command(REQUESTER, place, "/orchestrate hold -- we want to look first");
    const reply = await stage.until(() => stage.replyTo(place, id));
    if (!reply.includes("is on hold")) throw new Error(`#${place.number} was not held: ${reply}`);
    await wait(THINKING_MS);
    await stage.command(REQUESTER, place, "/orchestrate unhold");
  },
  async cancel(stage, place) {
    await untilShown(stage, place, "**running**");
    await stage.command(REQUESTER, place, "/orchestrate cancel -- not needed any more");
  },
  async unlabel(stage, place) {
    await untilShown(stage, place, "**running**");
    await stage.ask(REQUESTER, `DELETE ${stage.issuePath(place)}/labels/autopilot`);
  },
  async close(stage, place) {
    await untilShown(stage, place, "**running**");
    const change = { state: "closed", state_reason: "not_planned" };
    await stage.ask(REQUESTER, `PATCH ${stage.issuePath(place)}`, change);
  },
  async retry(stage, place) {
    await untilShown(stage, place, "**blocked**");
    await stage.command(REQUESTER, place, "/orchestrate retry");
  },
  async "cancel-run"(stage, place) {
    const run = await untilWorking(stage, place);
    await stage.ask(REVIEWER, `POST /repos/${nameOf(place.repo)}/actions/runs/${run}/cancel`);
  },
};

/** Does what is planned for an issue beside handing it over. */
export async function intervene(stage: LoadStage, place: Place): Promise<void> {
  if (place.issue.person !== undefined) await INTERVENTIONS[place.issue.person](stage, place);
}

/** The issue that a branch of the app is for; undefined for others. */
export function issueOfBranch(branch: string): number | undefined {
  const number = /^[a-z]+\/(\d+)-/u.exec(branch)?.[1];
  return number === undefined ? undefined : Number(number);
}

function untilShown(stage: LoadStage, place: Place, text: string): Promise<true> {
  return stage.until(() => (stage.statusOf(place).includes(text) ? true : undefined));
}

/** The run of an issue that a runner works on. */
function untilWorking(stage: LoadStage, place: Place): Promise<number> {
  const task = `${place.repo.id}.${place.number}.1`;
  const isWorking = ({ inputs, status }: WorkflowRun) => inputs.task === task && status === "in_progress";
  return stage.until(() => [...place.repo.runs.values()].find(isWorking)?.id);
}
