import type { IssueNow, IssueOutcome, PullNow, ResultFile, RunNow } from "../../src/core/facts.ts";
import type { ListedPull } from "../../src/core/plan/gathered.ts";
import type { BranchFacts } from "../../src/core/plan/repository/repository.ts";
import type { Snapshot } from "../../src/core/plan/snapshot.ts";
import type { Pull } from "../../src/core/pull/pull.ts";
import type { Actor, Permission } from "../../src/core/repo.ts";
import type { Task } from "../../src/core/task/task.ts";
import type { Readers } from "../../src/handlers/readers.ts";
import type { Focus } from "../../src/ports/ledger.ts";
import { buildSnapshot } from "../support/build-snapshot.ts";

/** What GitHub and the store would say. What is left out is gone. */
export interface Answers {
  readonly snapshot?: Snapshot;
  readonly permission?: Permission;
  readonly issues?: readonly IssueNow[];
  readonly blockedBy?: readonly { readonly ref: string; readonly state: IssueOutcome }[];
  readonly states?: Readonly<Record<string, IssueOutcome>>;
  readonly labeledBy?: Actor;
  readonly unlabeledBy?: Actor;
  /** Whether the repository has the label; it has unless told. */
  readonly hasLabel?: boolean;
  readonly facts?: BranchFacts;
  readonly pull?: PullNow;
  readonly listed?: readonly ListedPull[];
  readonly openPulls?: readonly Pull[];
  readonly files?: Readonly<Record<string, string>>;
  readonly runs?: readonly RunNow[];
  readonly result?: ResultFile;
  /** Whether a step of a run has begun; one has unless told. */
  readonly hasBegun?: boolean;
  readonly tasks?: readonly Task[];
  /** Keys of projections that were ordered. */
  readonly shown?: readonly string[];
}

export interface FakeReaders extends Readers {
  /** Every question that was asked, in order: `name argument …`, without the repository. */
  readonly asked: readonly string[];
  readonly focuses: readonly Focus[];
}

/** Readers that answer from values and write down what they were asked. */
export function fakeReaders(answers: Answers = {}): FakeReaders {
  const asked: string[] = [];
  const focuses: Focus[] = [];
  const ask = (...words: readonly (string | number)[]) => {
    asked.push(words.join(" "));
  };
  const findIssue = (number: number) => answers.issues?.find((issue) => issue.number === number);
  return {
    asked,
    focuses,
    issues: {
      async permissionOf(_repo, login) {
        ask("permissionOf", login);
        return answers.permission ?? "none";
      },
      async issue(_repo, number) {
        ask("issue", number);
        return findIssue(number);
      },
      async blockedBy(_repo, number) {
        ask("blockedBy", number);
        return answers.blockedBy ?? [];
      },
      async stateOf(_repo, ref) {
        ask("stateOf", ref);
        return answers.states?.[ref] ?? "unknown";
      },
      async labeledBy(_repo, issue, label) {
        ask("labeledBy", issue, label);
        return answers.labeledBy;
      },
      async unlabeledBy(_repo, issue, label) {
        ask("unlabeledBy", issue, label);
        return answers.unlabeledBy;
      },
      async hasLabel(_repo, label) {
        ask("hasLabel", label);
        return answers.hasLabel ?? true;
      },
      async openIssuesWithLabel(_repo, label) {
        ask("openIssuesWithLabel", label);
        return (answers.issues ?? []).filter((issue) => issue.labels.includes(label));
      },
    },
    code: {
      async branchFacts() {
        ask("branchFacts");
        return answers.facts;
      },
      async pull(_repo, number) {
        ask("pull", number);
        return answers.pull;
      },
      async group(_repo, group) {
        ask("group", group.sha);
        return answers.pull;
      },
      async openPulls() {
        return answers.listed;
      },
      async fileAt(_repo, sha, path) {
        ask("fileAt", sha, path);
        return answers.files?.[path];
      },
    },
    runs: {
      async run(_repo, runId) {
        ask("run", runId);
        return answers.runs?.find((run) => run.id === runId);
      },
      async runsOf(_repo, workflow, correlation, since) {
        ask("runsOf", workflow, correlation, since);
        return answers.runs ?? [];
      },
      async resultFile(_repo, runId) {
        ask("resultFile", runId);
        return answers.result ?? { kind: "missing" };
      },
      async hasBegun(_repo, runId) {
        ask("hasBegun", runId);
        return answers.hasBegun ?? true;
      },
    },
    ledger: {
      async snapshot(_repo, focus) {
        focuses.push(focus);
        return answers.snapshot ?? buildSnapshot();
      },
      async taskOfIssue(_repoId, issue) {
        const task = answers.tasks?.find((known) => known.issue === issue);
        return task === undefined ? null : { task, position: null };
      },
      async tasksSince(repoId, since) {
        ask("tasksSince", repoId, since);
        return { tasks: answers.tasks ?? [], attempts: [] };
      },
      async isShown(_repoId, key) {
        ask("isShown", key);
        return answers.shown?.includes(key) ?? false;
      },
      async usageBetween(_repoId, { from, to }) {
        ask("usageBetween", from, to);
        return { minutes: 5, usd: 0.5 };
      },
      async openPulls() {
        return answers.openPulls ?? [];
      },
      settle: refuse,
      dueTasks: refuse,
      duePulls: refuse,
      repositories: refuse,
    },
  };
}

async function refuse(): Promise<never> {
  throw new Error("gathering only reads");
}
