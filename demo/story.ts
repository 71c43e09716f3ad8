import type { Stage } from "./github-client.ts";
import { readBotComments, readReply, readStatus, until } from "./observe.ts";
import type { Printer } from "./printer.ts";

/** One thing the story claims, held against what GitHub shows at its end. */
export interface Claim {
  readonly text: string;
  readonly holds: boolean;
}

export interface StoryOptions {
  readonly stage: Stage;
  readonly print: Printer;
  /** How long one task may take, ms. */
  readonly patienceMs: number;
  /** Whether the data is too noisy to be forecast: then the honest end is a failed task. */
  readonly isHopeless: boolean;
}

const DATA_TITLE = "T-MLR-1.2 Generate 3 years of synthetic data for 20 tenants";
const PARTNER_TITLE = "T-MLR-1.3 Train the forecast on partner data";
const BUG_TITLE = "Discount is applied twice when a promotion and a voucher meet";
const BUG_BODY =
  "A basket with a promotion on tea and a voucher gets both discounts on the same line.\n\n" +
  "Expected: the better one of the two, as docs/pricing-rules.md says.";

/** Plays the main job on real work and returns what it claims of the end. */
export async function playStory(options: StoryOptions): Promise<readonly Claim[]> {
  const { print } = options;
  const reports = await open(options, {
    title: "Weekly reports",
    body: "The app writes its weekly report here.",
  });
  print.step("1", "A task is handed over");
  const data = await open(options, {
    title: DATA_TITLE,
    body: "Enough history for a forecast of weather-driven sales.",
    labels: ["data"],
  });
  await label(options, { issue: data, login: "mia" });
  print.quote(await firstStatus(options, data));

  const { partner, refused } = await playWaiting(options);

  print.step("3", "Data is generated, models are trained and verified, until they are good enough");
  const dataEnd = await follow(options, data);
  print.quote(dataEnd);

  print.step("4", "A bug goes to an agent, and its answer through the gate");
  const bug = await open(options, { title: BUG_TITLE, body: BUG_BODY, labels: ["bug"] });
  await label(options, { issue: bug, login: "mia" });
  const bugEnd = await follow(options, bug);
  print.quote(bugEnd);

  print.step("5", "Commands are answered, the report is written");
  const replies = await playCommands(options, { data, partner });
  const report = await until(
    "the weekly report",
    async () => findReport(options, reports),
    options.patienceMs,
  );
  print.quote(report);

  const numbers = { data, partner, refused, bug };
  return [
    ...(await claimData(options, numbers)),
    ...(await claimBug(options, numbers)),
    ...claimReplies(replies),
    claim("the weekly report is there", report.includes("Remaining Work")),
  ];
}

/** A task that is not ready shows all its reasons; a label by somebody without write access starts nothing. */
async function playWaiting(
  options: StoryOptions,
): Promise<{ readonly partner: number; readonly refused: number }> {
  const { print } = options;
  print.step("2", "A second one has to wait, a third one is refused");
  const partner = await open(options, {
    title: PARTNER_TITLE,
    body: "As soon as the first partner's schema is here.",
    labels: ["data"],
  });
  await label(options, { issue: partner, login: "mia" });
  print.quote(await firstStatus(options, partner));
  const refused = await open(options, {
    title: "Look at the dashboards",
    body: "When there is time.",
    labels: ["data"],
  });
  await label(options, { issue: refused, login: "tom" });
  print.quote(
    await until(
      "the refusal",
      async () => (await readBotComments(options.stage, refused))[0],
      options.patienceMs,
    ),
  );
  return { partner, refused };
}

async function open(
  options: StoryOptions,
  issue: { title: string; body: string; labels?: string[] },
): Promise<number> {
  const { owner, repo } = options.stage;
  const { data } = await options.stage.as("mia").rest.issues.create({ owner, repo, ...issue });
  options.print.line(`mia opens #${data.number} "${issue.title}"`);
  return data.number;
}

async function label(
  options: StoryOptions,
  { issue, login }: { issue: number; login: string },
): Promise<void> {
  const { owner, repo } = options.stage;
  await options.stage
    .as(login)
    .rest.issues.addLabels({ owner, repo, issue_number: issue, labels: ["autopilot"] });
  options.print.line(`${login} labels #${issue} \`autopilot\``);
}

function firstStatus({ stage, patienceMs }: StoryOptions, issue: number): Promise<string> {
  return until(`the status comment of #${issue}`, () => readStatus(stage, issue), patienceMs);
}

const END = /\*\*(?:done|failed|blocked|cancelled)\*\*/u;

/** Prints each new line of a task's stage table as it happens, until the task has ended. */
async function follow({ stage, print, patienceMs }: StoryOptions, issue: number): Promise<string> {
  const seen = new Set<string>();
  return until(
    `the end of #${issue}`,
    async () => {
      const status = await readStatus(stage, issue);
      if (status === undefined) return undefined;
      for (const line of progressLines(status)) {
        if (seen.has(line)) continue;
        seen.add(line);
        print.line(`#${issue} ${line}`);
      }
      return END.test(status.split("\n")[0] ?? "") ? status : undefined;
    },
    patienceMs,
  );
}

/** Rows of the stage table that say something final, and the lines of the history. */
function progressLines(status: string): readonly string[] {
  const rows = status.matchAll(/^\| (\d+) \| ([^|]+) \| ([^|]*(?:PASS|FAIL|BLOCKED)[^|]*) \|/gmu);
  const stages = [...rows].map(
    ([, attempt, name, state]) => `attempt ${attempt}, ${name?.trim()}: ${state?.trim()}`,
  );
  const pulls = [...status.matchAll(/^- [^\n]* (Pull request #[^\n]*)$/gmu)].map(([, text]) => text ?? "");
  return [...stages, ...pulls];
}

const COMMANDS = [
  { command: (n: Numbers) => `/orchestrate why #${n.partner}`, expect: /requires\.path[\s\S]*|dependency/u },
  { command: () => "/orchestrate status", expect: /./u },
  { command: () => "/orchestrate queue", expect: /T-MLR-1\.3|#\d+/u },
  { command: () => "/orchestrate help", expect: /Working with tasks/u },
  { command: () => "/orchestrate retyr", expect: /Did you mean/iu },
  { command: () => "/orchestrate report", expect: /./u },
] as const;

interface Numbers {
  readonly data: number;
  readonly partner: number;
}

interface Reply {
  readonly command: string;
  readonly isRight: boolean;
}

async function playCommands(
  { stage, print, patienceMs }: StoryOptions,
  numbers: Numbers,
): Promise<readonly Reply[]> {
  const { owner, repo } = stage;
  const replies: Reply[] = [];
  for (const { command, expect } of COMMANDS) {
    const body = command(numbers);
    const { data } = await stage
      .as("mia")
      .rest.issues.createComment({ owner, repo, issue_number: numbers.data, body });
    print.line(`mia comments: ${body}`);
    const reply = await until(
      `the answer to ${body}`,
      () => readReply(stage, numbers.data, data.id),
      patienceMs,
    );
    print.quote(reply);
    replies.push({ command: body, isRight: expect.test(reply) });
  }
  return replies;
}

async function findReport({ stage }: StoryOptions, issue: number): Promise<string | undefined> {
  const found = (await readBotComments(stage, issue)).find((body) => body.includes("Orchestrator report"));
  return found?.replace(/<!--[\s\S]*?-->\n?/gu, "").trim();
}

function claim(text: string, holds: boolean): Claim {
  return { text, holds };
}

function claimReplies(replies: readonly Reply[]): readonly Claim[] {
  return replies.map((reply) => claim(`\`${reply.command}\` is answered`, reply.isRight));
}

async function claimData(
  options: StoryOptions,
  n: { data: number; partner: number; refused: number },
): Promise<readonly Claim[]> {
  const { stage, isHopeless } = options;
  const { owner, repo } = stage;
  const status = (await readStatus(stage, n.data)) ?? "";
  const issue = await stage.as("mia").rest.issues.get({ owner, repo, issue_number: n.data });
  const waiting = (await readStatus(stage, n.partner)) ?? "";
  const attempts = Math.max(
    0,
    ...[...status.matchAll(/^\| (\d+) \|/gmu)].map(([, number]) => Number(number)),
  );
  const failed = /\| 1 \| verify[^|]*\| ❌ FAIL/u.test(status);
  const end = isHopeless
    ? claim(
        `#${n.data} ends as failed after ${attempts} attempts: noise cannot be forecast`,
        status.includes("**failed**") && issue.data.state === "open",
      )
    : claim(
        `#${n.data} is done after ${attempts} attempts and closed`,
        status.includes("**done**") && issue.data.state === "closed",
      );
  const isHeld = isHopeless ? waiting.includes("dependency.open") : waiting.includes("requires.path");
  return [
    claim(`#${n.data}: the first attempt's models fail verification`, failed && attempts > 1),
    end,
    claim(`#${n.partner} still waits, with its reasons`, isHeld && waiting.includes("requires.path")),
    claim(
      `#${n.refused} was refused: tom has triage`,
      ((await readBotComments(stage, n.refused))[0] ?? "").includes("**write**"),
    ),
  ];
}

async function claimBug({ stage }: StoryOptions, n: { bug: number }): Promise<readonly Claim[]> {
  const { owner, repo } = stage;
  const client = stage.as("mia").rest;
  const { data: issue } = await client.issues.get({ owner, repo, issue_number: n.bug });
  const { data: pulls } = await client.pulls.list({ owner, repo, state: "all" });
  const [pull] = pulls.filter((candidate) => candidate.body?.includes(`#${n.bug}`));
  if (pull === undefined) return [claim(`#${n.bug} led to a pull request`, false)];
  const { data: commits } = await client.pulls.listCommits({ owner, repo, pull_number: pull.number });
  const verdicts: string[] = [];
  const summaries: string[] = [];
  for (const { sha } of commits) {
    const { data } = await client.checks.listForRef({
      owner,
      repo,
      ref: sha,
      check_name: "orchestrator / verify",
    });
    verdicts.push(...data.check_runs.map((check) => check.conclusion ?? check.status));
    summaries.push(...data.check_runs.map((check) => check.output.summary ?? ""));
  }
  return [
    claim(
      `#${n.bug} led to one pull request, #${pull.number}`,
      pulls.filter((candidate) => candidate.body?.includes(`#${n.bug}`)).length === 1,
    ),
    claim(
      "the answer that weakened a test failed the gate, the next one passed",
      verdicts.join(" ") === "failure success",
    ),
    claim(
      `the check names the tests gate with its figures: ${findTestsRow(summaries.at(-1) ?? "") ?? "none"}`,
      findTestsRow(summaries.at(-1) ?? "") !== undefined,
    ),
    claim(
      `#${pull.number} is merged and #${n.bug} closed`,
      pull.merged_at !== null && issue.state === "closed",
    ),
  ];
}

/** What the check says of the test report, such as `14 of 14 passed`. */
function findTestsRow(summary: string): string | undefined {
  return /^\| tests \| ✅ PASS \| (\d+ of \d+ passed) \|/mu.exec(summary)?.[1];
}
