import { describe, expect, it } from "vitest";
import { noteRunEnd } from "../../../src/core/plan/attempt/breakers.ts";
import type { Draft } from "../../../src/core/plan/draft.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { planQueue } from "../../../src/core/plan/plan-queue.ts";
import type { AttemptOutcome } from "../../../src/core/task/attempt.ts";
import type { FailureClass, Task } from "../../../src/core/task/task.ts";
import {
  buildAttempt,
  buildConfigText,
  buildDraft,
  buildSnapshot,
  REPO,
} from "../../support/build-snapshot.ts";
import { buildTask, NOW } from "../../support/build-task.ts";
import { actionsIn, buildResult, buildRunning, codesOf, endedRun, planWith, taskIn } from "./plan-with.ts";

const STANDARD = ["task", "attempt", "correlation", "base_sha", "from_run", "brief"];
const CONFIG = buildConfigText({
  lines: [
    "breaker: { failures: 2, pause: 10m }",
    "roles:",
    "  bugfix: { provider: acme, backup: spare }",
    "  code-quality: { provider: acme, backup: false, workflow: quality.yml }",
    "  spare: { team: dev, workflow: spare.yml, provider: other }",
  ],
}).replace("match: { labels: [bug] }", "match: { labels: [bug] }\n  quality: { role: code-quality }");

function draftOf(queue: readonly Task[] = [], configText = CONFIG): Draft {
  const draft = buildDraft({ snapshot: buildSnapshot({ configText, queue }) });
  const { stored, status } = draft.view.record;
  if (stored.facts === null) throw new Error("the repository was read");
  const workflows = { ...stored.facts.workflows, "spare.yml": STANDARD, "quality.yml": STANDARD };
  draft.saveRepository({ ...stored, facts: { ...stored.facts, workflows } }, status);
  return draft;
}

const FAILED = { verdict: "FAIL", summary: "The run was cancelled." } as const;

function end(
  draft: Draft,
  failureClass: FailureClass | null,
  more: { provider?: string; role?: string } = {},
): void {
  const { role = "bugfix", provider } = more;
  const outcome: AttemptOutcome =
    failureClass === null ? { verdict: "PASS", failureClass, summary: "" } : { ...FAILED, failureClass };
  const run = {
    workflow: `${role}.yml`,
    outcome,
    isProof: false,
    ...(provider !== undefined && { provider }),
  };
  noteRunEnd(draft, buildTask({ role }), run);
}

function breakersOf(draft: Draft): readonly string[] {
  const { breakers = {} } = draft.view.record.stored;
  return Object.keys(breakers).filter((key) => key.startsWith("provider:"));
}

function planOf(draft: Draft): Plan {
  planQueue(draft);
  return draft.toPlan();
}

const QUALITY = buildTask({ issue: 43, kind: "quality", role: "code-quality", team: "own" });

describe("a model provider in trouble", () => {
  it("lets every role of its rest, whatever their workflows", () => {
    const draft = draftOf([QUALITY]);
    end(draft, "infra");
    end(draft, "rate_limit");
    const plan = planOf(draft);

    expect(codesOf(taskIn(plan, 43))).toEqual(["breaker.open"]);
    expect(taskIn(plan, 43).reasons[0]?.message).toBe(
      "Model provider `acme`: 2 troubles in a row that were not the work's own. The last: The run was cancelled. Nothing is started until 14:10 UTC, then one task as a probe.",
    );
  });

  it("is got round by a backup of another provider", () => {
    const draft = draftOf([buildTask()]);
    end(draft, "infra", { role: "code-quality" });
    end(draft, "infra", { role: "code-quality" });
    const plan = planOf(draft);

    expect(actionsIn(plan, "dispatch").map(({ workflow }) => workflow)).toEqual(["spare.yml"]);
    expect(taskIn(plan)).toMatchObject({ role: "spare", state: "running" });
  });

  it("is not got round by a backup of the same one", () => {
    const draft = draftOf([buildTask()], CONFIG.replace("provider: other", "provider: acme"));
    end(draft, "infra");
    end(draft, "infra");

    expect(actionsIn(planOf(draft), "dispatch")).toEqual([]);
  });

  it("is probed by one task when the pause is over, and well when that ends well", () => {
    const draft = draftOf([QUALITY]);
    end(draft, "infra");
    end(draft, "infra");
    const { stored, status } = draft.view.record;
    const opened = stored.breakers?.["provider:acme"];
    if (opened === undefined) throw new Error("the breaker is open");
    draft.saveRepository({ ...stored, breakers: { "provider:acme": { ...opened, openUntil: NOW } } }, status);
    planQueue(draft);

    expect(draft.view.record.stored.breakers?.["provider:acme"]?.probe).toBe(QUALITY.id);
    end(draft, null, { role: "code-quality" });
    expect(breakersOf(draft)).toEqual([]);
  });

  it.each<FailureClass>(["timeout", "no_evidence", "policy"])("is not told by %s", (failureClass) => {
    const draft = draftOf();
    end(draft, failureClass);

    expect(breakersOf(draft)).toEqual([]);
  });

  it("is the one that the worker says, if the configuration knows it", () => {
    const draft = draftOf();
    end(draft, "infra", { provider: "other" });
    end(draft, "infra", { provider: "invented" });

    expect(breakersOf(draft)).toEqual(["provider:other", "provider:acme"]);
  });

  it("is nobody's where the role names none", () => {
    const draft = draftOf([], buildConfigText());
    end(draft, "infra", { provider: "acme" });

    expect(breakersOf(draft)).toEqual([]);
  });

  it("is told by the result of a run that a limit refused", () => {
    const attempt = buildAttempt();
    const task = buildRunning();
    const plan = planWith(
      {
        ...{ kind: "run.changed", repo: REPO, runId: 900, title: "agent", status: "completed" },
        ...{ conclusion: "failure", runAttempt: 1 },
      },
      {
        snapshot: { configText: CONFIG, focus: task, active: [task], attempts: [attempt] },
        gathered: {
          run: endedRun("failure"),
          result: buildResult(attempt, { outcome: "failed", failure: "rate_limit", provider: "other" }),
        },
      },
    );

    expect(Object.keys(plan.repository?.stored.breakers ?? {})).toEqual(["provider:other"]);
  });
});
