import { type Done, done, looksFirst, type ThingOf, type Trial } from "./trial.ts";
import { Refusal } from "./wire.ts";
import { BOT, type World } from "./world.ts";

export async function writeComment(trial: Trial, { issue, body }: ThingOf<"comment">): Promise<Done> {
  const { world, wire, effect, remoteId } = trial;
  if (world.deletedIssues.has(issue)) throw new Refusal(410, "This issue was deleted");
  const known = remoteId === null ? undefined : world.comments.get(Number(remoteId));
  const found = known ?? (looksForComment(trial) ? findComment(world, effect.key) : undefined);
  if (found === undefined) return createComment(trial, issue, body);
  await wire.write(() => {
    const comment = world.comments.get(found.id);
    if (comment === undefined) throw new Refusal(404, "Not Found");
    comment.body = body;
    return { what: "comment.edit", comment: found.id, issue, key: effect.key, body };
  });
  return done({}, found.id);
}

/** A comment is always looked for before it is written, whatever is known of earlier tries. */
function looksForComment({ world }: Trial): boolean {
  return !world.context.bugs.skips?.has("looking first");
}

function findComment(world: World, key: string) {
  return [...world.comments.values()].find((comment) => comment.key === key);
}

async function createComment({ world, wire, effect }: Trial, issue: number, body: string): Promise<Done> {
  const id = world.nextNumber();
  const { key } = effect;
  await wire.write(() => {
    world.comments.set(id, { id, issue, key, body });
    return { what: "comment.create", comment: id, issue, key, body };
  });
  return done({ commentId: id, url: `https://github.test/comment/${id}` }, id);
}

export async function writeReply(trial: Trial, { issue, body }: ThingOf<"reply">): Promise<Done> {
  if (trial.world.deletedIssues.has(issue)) throw new Refusal(410, "This issue was deleted");
  const written = looksFirst(trial) ? findComment(trial.world, trial.effect.key) : undefined;
  return written === undefined
    ? createComment(trial, issue, body)
    : done({ commentId: written.id }, written.id);
}

export async function writeLabels(
  { world, wire }: Trial,
  { issue: number, prefix, labels }: ThingOf<"labels">,
): Promise<Done> {
  const issue = world.issues.get(number);
  if (issue === undefined) throw new Refusal(404, "Not Found");
  const surplus = issue.labels.filter((label) => label.startsWith(prefix) && !labels.includes(label));
  const missing = labels.filter((label) => !issue.labels.includes(label));
  const change = (label: string, isOn: boolean) =>
    wire.write(() => {
      world.setLabel(issue, label, { by: BOT, isOn });
      return { what: "labels", issue: number, labels: [...issue.labels] };
    });
  for (const label of missing) await change(label, true);
  for (const label of surplus) await change(label, false);
  return done();
}

export async function writeCheck(trial: Trial, check: ThingOf<"check">): Promise<Done> {
  const { world, wire, effect, remoteId } = trial;
  const { sha, name, status, conclusion, output } = check;
  if (!world.commits.has(sha)) throw new Refusal(422, `No commit found for SHA: ${sha}`);
  const all = world.checksOf(sha);
  const known = all.find(({ id }) => String(id) === remoteId);
  const found = known ?? (looksFirst(trial) ? all.find(({ key }) => key === effect.key) : undefined);
  const written = await wire.write(() => {
    const target = found ?? world.addCheck(sha, name, effect.key);
    target.status = status;
    target.conclusion = conclusion;
    const what = found === undefined ? "check.create" : "check.update";
    const text = `${output.title}\n${output.summary}\n${output.text ?? ""}`;
    return { what, check: target.id, sha, name, key: effect.key, status, conclusion, text };
  });
  return done({}, "check" in written ? written.check : null);
}

export async function writeIssue(
  { world, wire, effect, remoteId }: Trial,
  wanted: ThingOf<"issue">,
): Promise<Done> {
  const known = [...world.issues.values()].find(
    ({ number, body }) => String(number) === remoteId || body.startsWith(`<!-- ${effect.key} -->`),
  );
  if (wanted.state === "absent") {
    if (known?.state !== "open") return done({}, known?.number ?? null);
    await wire.write(() => {
      world.closeIssue(known, BOT, "completed");
      return { what: "issue.close", issue: known.number };
    });
    return done({}, known.number);
  }
  if (known?.state === "open" && known.title === wanted.title) return done({}, known.number);
  const written = await wire.write(() => {
    const { title } = wanted;
    const body = `<!-- ${effect.key} -->\n${wanted.body}`;
    const issue = known ?? world.addIssue({ title, body, openedBy: BOT });
    Object.assign(issue, { title, body, state: "open", stateReason: null });
    return { what: "issue.open", issue: issue.number };
  });
  return done({}, written.issue);
}

/** Opens an issue once, whatever becomes of it. */
export async function openIssue(
  { world, wire }: Trial,
  { about, title, body: text, label }: ThingOf<"open-issue">,
): Promise<Done> {
  const marker = `<!-- ${about} -->`;
  const known = [...world.issues.values()].find(({ body }) => body.startsWith(marker));
  const issue = known ?? (await create());
  const { number, state, stateReason: reason, labels } = issue;
  const isLabelled = label !== null && labels.includes(label) ? 1 : 0;
  const url = `https://github.test/acme/shop/issues/${number}`;
  return done({ issue: number, url, state, reason, isLabelled }, number);

  async function create() {
    const body = `${marker}\n${text}`;
    const { issue: made } = await wire.write(() => {
      const opened = world.addIssue({ title, body, openedBy: BOT });
      if (label !== null) world.setLabel(opened, label, { by: BOT, isOn: true });
      return { what: "issue.open", issue: opened.number };
    });
    const opened = world.issues.get(made);
    if (opened === undefined) throw new Error(`The simulated issue ${made} was not opened.`);
    return opened;
  }
}
