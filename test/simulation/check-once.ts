import {
  auditOf,
  deedsOf,
  findRepeated,
  hasStalled,
  isOver,
  issueOf,
  type Lines,
  linesOf,
  movesOf,
  replay,
  writesOf,
} from "./read-history.ts";

/** I1: what was taken is handled or given up, and nothing is given up that GitHub sends every day. */
export function findLostDeliveries(lines: Lines): readonly string[] {
  const handled = new Set(linesOf(lines, "handled").map(({ job }) => job));
  const buried = linesOf(lines, "buried");
  const gone = new Set(buried.map(({ job }) => job));
  return [
    ...linesOf(lines, "received")
      .filter(({ answer, guid }) => answer === "stored" && !handled.has(guid) && !gone.has(guid))
      .map(({ guid }) => `${guid} was taken and never handled`),
    ...buried.map(({ job, reason }) => `${job} was given up: ${reason}`),
  ];
}

/** I2: one delivery has its effect once, and is handled in its turn. */
export function findRepeatedWork(lines: Lines): readonly string[] {
  const stored = linesOf(lines, "received").filter(({ answer }) => answer === "stored");
  const order = stored.map(({ guid }) => guid);
  const handled = linesOf(lines, "handled").map(({ job }) => job);
  const guids = new Set(order);
  const ours = handled.filter((job) => guids.has(job));
  const places = new Map(order.map((guid, index) => [guid, index]));
  const isShuffled = ours.some(
    (guid, index) => index > 0 && (places.get(guid) ?? 0) < (places.get(ours[index - 1] ?? "") ?? 0),
  );
  return [
    ...findRepeated(order).map((guid) => `${guid} was taken twice`),
    ...findRepeated(handled).map((job) => `${job} was handled twice`),
    ...findRepeated(auditOf(lines, "task.created").map(({ taskId }) => String(taskId))).map(
      (id) => `task ${id} was made twice`,
    ),
    ...(isShuffled ? ["deliveries were handled in another order than they were taken"] : []),
  ];
}

/** I3: an issue has one live task at most, at every moment. */
export function findSecondTasks(lines: Lines): readonly string[] {
  const live = new Map<number, Set<string>>();
  return movesOf(lines).flatMap(({ taskId, to }) => {
    const tasks = live.get(issueOf(taskId)) ?? new Set();
    if (isOver(to)) tasks.delete(taskId);
    else tasks.add(taskId);
    live.set(issueOf(taskId), tasks);
    return tasks.size > 1 ? [`${[...tasks].join(" and ")} were live at once`] : [];
  });
}

/** I4: an attempt is dispatched once; whatever GitHub made beside its run does not go on. */
export function findSurplusRuns(lines: Lines): readonly string[] {
  const started = writesOf(lines, "run.start").map(({ write }) => write);
  const vanished = new Set(deedsOf(lines, "run.vanished").map(({ deed }) => deed.run));
  const visible = started.filter(({ run }) => !vanished.has(run));
  const twice = findRepeated(visible.map(({ correlation }) => correlation));
  const begun = new Set(deedsOf(lines, "run.begun").map(({ deed }) => deed.run));
  const all = [...started, ...deedsOf(lines, "run.doubled").map(({ deed }) => deed)];
  const over = new Set([
    ...writesOf(lines, "run.cancel").map(({ write }) => write.run),
    ...deedsOf(lines, "run.ended").map(({ deed }) => deed.run),
  ]);
  const judged = auditOf(lines, "attempt.judged").map(({ data }) => String(data.runId));
  const surplus = [...Map.groupBy(all, ({ correlation }) => correlation)].filter(
    ([, runs]) => runs.filter(({ run }) => begun.has(run) && !over.has(run)).length > 1,
  );
  return [
    ...(hasStalled(lines) ? [] : twice).map((correlation) => `attempt ${correlation} was dispatched twice`),
    ...surplus.map(([correlation]) => `attempt ${correlation} has two runs that go on`),
    ...findRepeated(judged).map((run) => `run ${run} was judged twice`),
  ];
}

/** I5: nothing is made twice that there is to be once. */
export function findDoubles(lines: Lines): readonly string[] {
  if (hasStalled(lines)) return [];
  const there = new Map<string, string>();
  const problems: string[] = [];
  const make = (subject: string, handle: string) => {
    if (there.has(subject)) problems.push(`${subject} was made twice`);
    there.set(subject, handle);
  };
  const takeAway = (gone: string) => {
    for (const [subject, handle] of there) if (handle === gone) there.delete(subject);
  };
  replay(lines, {
    writes: {
      "comment.create": ({ key, comment }) => make(`comment ${key}`, `comment ${comment}`),
      "check.create": ({ name, sha, key, check }) =>
        make(`check ${name} of ${sha} for ${key}`, `check ${check}`),
      "pull.open": ({ branch, pull }) => make(`pull request of ${branch}`, `pull ${pull}`),
      "pull.close": ({ pull }) => takeAway(`pull ${pull}`),
      "pull.merge": ({ pull }) => {
        takeAway(`pull ${pull}`);
        make(`merge of ${pull}`, "");
      },
    },
    deeds: {
      "comment.deleted": ({ comment }) => takeAway(`comment ${comment}`),
      "pull.closed": ({ pull }) => takeAway(`pull ${pull}`),
      "pull.merged": ({ pull }) => takeAway(`pull ${pull}`),
    },
  });
  return problems;
}
