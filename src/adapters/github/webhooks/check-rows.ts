import { AboutCheckRun, AboutCheckSuite, AboutRun, AboutStatus } from "./payloads.ts";
import { aboutRepository, cleanText, createRow, OWN_TRACE, type WebhookRow } from "./webhook-row.ts";

/**
 * GitHub names whoever pushed as the sender of a check, so on our own branches that is us: a check is ours by the app that
 * wrote it, and by nothing else.
 */
export const checkRunRow: WebhookRow = createRow({
  event: "check_run",
  // Single checks that end are heard of as the end of their suite: one look at the pull request and not one for each job.
  actions: ["rerequested"],
  schema: AboutCheckRun,
  translate: (payload) =>
    aboutRepository(payload, (repo, sender) => [
      { kind: "check.rerequested", repo, sha: payload.check_run.head_sha, sender },
    ]),
});

export const checkSuiteRow: WebhookRow = createRow({
  event: "check_suite",
  actions: ["completed", "rerequested"],
  schema: AboutCheckSuite,
  translate(payload, own) {
    const { head_sha: sha, app } = payload.check_suite;
    return aboutRepository(payload, (repo, sender) => {
      if (payload.action === "rerequested") return [{ kind: "check.rerequested", repo, sha, sender }];
      if (app?.id === own.appId) return OWN_TRACE;
      return [{ kind: "check.changed", repo, sha, name: cleanText(app?.name) }];
    });
  },
});

export const statusRow: WebhookRow = createRow({
  event: "status",
  actions: null,
  schema: AboutStatus,
  translate: (payload) =>
    aboutRepository(payload, (repo) => [
      { kind: "check.changed", repo, sha: payload.sha, name: cleanText(payload.context) },
    ]),
});

/** A run that we dispatched has us as its sender and is exactly what we wait for. */
export const workflowRunRow: WebhookRow = createRow({
  event: "workflow_run",
  actions: ["requested", "in_progress", "completed"],
  schema: AboutRun,
  translate(payload) {
    const run = payload.workflow_run;
    return aboutRepository(payload, (repo) => [
      {
        kind: "run.changed",
        repo,
        runId: run.id,
        title: cleanText(run.display_title ?? run.name),
        status: run.status ?? "unknown",
        conclusion: run.conclusion ?? null,
        runAttempt: run.run_attempt ?? 1,
      },
    ]);
  },
});
