import { auditOf, deedsOf, isOver, type Lines, movesOf, OWN_SLUG, writesOf } from "./read-history.ts";

/** I8: whatever has not ended says why. */
export function findSilence(lines: Lines): readonly string[] {
  return movesOf(lines).flatMap(({ taskId, to, reasons }) =>
    !isOver(to) && reasons.length === 0 ? [`task ${taskId} is ${to} without a reason`] : [],
  );
}

/** What somebody may only do whose permission was asked for at that moment, and the least that it takes. */
const PRIVILEGED: ReadonlyMap<string, readonly string[]> = new Map([
  ["task.created", ["write", "maintain", "admin"]],
  ["task.held", ["write", "maintain", "admin"]],
  ["task.prioritised", ["write", "maintain", "admin"]],
  ["pull.approvals", ["write", "maintain", "admin"]],
  ["repository.paused", ["maintain", "admin"]],
  ["repository.resumed", ["maintain", "admin"]],
  ["repository.stopped", ["maintain", "admin"]],
]);

/** I9: whoever orders something is asked for at that moment. */
export function findUnasked(lines: Lines): readonly string[] {
  return [...findUnpermitted(lines), ...findUnwritten(lines)];
}

/** An order is what its author wrote when the comment was made; whatever it became later is none. */
function findUnwritten(lines: Lines): readonly string[] {
  const written = deedsOf(lines, "commented");
  return auditOf(lines, "command").flatMap(({ actor, at, data }) => {
    // Of an order that nobody knows, the audit does not repeat the word.
    const isWritten =
      data.verb === "unknown" ||
      written.some(
        (line) => line.at <= at && line.by === actor && line.deed.body.includes(`/orchestrate ${data.verb}`),
      );
    return isWritten ? [] : [`${actor} never wrote the order ${data.verb}`];
  });
}

function findUnpermitted(lines: Lines): readonly string[] {
  let asked = new Map<string, string>();
  return lines.flatMap((line) => {
    if (line.kind === "begun") asked = new Map();
    if (line.kind === "asked") asked.set(line.login, line.permission);
    if (line.kind !== "audit" || line.entry.actor === OWN_SLUG) return [];
    const { kind, actor } = line.entry;
    const enough = PRIVILEGED.get(kind);
    if (enough === undefined || enough.includes(asked.get(actor) ?? "none")) return [];
    return [`${kind} by ${actor}, who had ${asked.get(actor) ?? "not been asked for"}`];
  });
}

/** I12: what is written was intended before, and what was intended has an outcome. */
export function findUnaudited(lines: Lines): readonly string[] {
  const intended = new Set<string>();
  return lines.flatMap((line) => {
    if (line.kind === "audit" && line.entry.kind === "effect.intended")
      intended.add(String(line.entry.data.key));
    if (line.kind !== "write" || intended.has(line.key)) return [];
    return [`${line.write.what} for ${line.key} was never intended`];
  });
}

/** What GitHub's tokens look like, also where Markdown is escaped. */
const TOKEN = /gh[oprsu]\\*_[A-Za-z0-9]{10,}/u;

/** I13: nothing that looks like a credential is written on GitHub or into the audit, whoever told it. */
export function findSecrets(lines: Lines): readonly string[] {
  return lines.flatMap((line) => {
    if (line.kind === "write" && TOKEN.test(JSON.stringify(line.write)))
      return [`${line.write.what} for ${line.key} carries a credential`];
    if (line.kind === "audit" && TOKEN.test(JSON.stringify(line.entry)))
      return [`the audit's ${line.entry.kind} carries a credential`];
    return [];
  });
}

/** I15: the app answers neither itself nor bots that nobody named. */
export function findTalkWithBots(lines: Lines): readonly string[] {
  const bots = deedsOf(lines, "commented").filter(({ deed }) => !deed.isPerson);
  const ids = new Set(bots.map(({ deed }) => String(deed.comment)));
  const answers = writesOf(lines, "comment.create").filter(({ write }) =>
    ids.has(/:reply:(\d+)$/u.exec(write.key)?.[1] ?? ""),
  );
  return [
    ...auditOf(lines, "task.created", "command")
      .filter(({ actor }) => actor.endsWith("[bot]"))
      .map(({ kind, actor }) => `${kind} by ${actor}`),
    ...answers.map(({ write }) => `a bot was answered: ${write.key}`),
  ];
}
