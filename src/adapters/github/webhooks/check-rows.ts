import { cleanText } from "../clean-text.ts";
import { AboutCheckRun, AboutCheckSuite, AboutRun, AboutStatus } from "./payloads.ts";
import { aboutRepository, createRow, OWN_TRACE, type WebhookRow } from "./webhook-row.ts";

const OTHERS_CHECK = "a check of another app";
const BUTTONS = ["rerun", "explain", "override"] as const;

/**
 * GitHub names whoever pushed as the sender of a check, so on our own branches that is us: a check is ours by the app that
 * wrote it, and by nothing else. Single checks that end are heard of as the end of their suite: one look at the pull request
 * and not one for each job. What others are to run again says nothing until it ends.
 */
export const checkRunRow: WebhookRow = createRow({
  event: "check_run",
  actions: ["rerequested", "requested_action"],
  schema: AboutCheckRun,
  translate({ action, check_run: { head_sha: sha, app }, requested_action: pressed, ...payload }, own) {
    if (app?.id !== own.appId) return OTHERS_CHECK;
    return aboutRepository(payload, (repo, sender) => {
      if (action === "rerequested") return [{ kind: "check.rerequested", repo, sha, sender }];
      const button = BUTTONS.find((known) => known === pressed?.identifier);
      return button ? [{ kind: "check.action", repo, sha, action: button, sender }] : "unknown button";
    });
  },
});

export const checkSuiteRow: WebhookRow = createRow({
  event: "check_suite",
  actions: ["completed", "rerequested"],
  schema: AboutCheckSuite,
  translate({ action, check_suite: { head_sha: sha, app }, ...payload }, own) {
    const isOwn = app?.id === own.appId;
    return aboutRepository(payload, (repo, sender) => {
      if (action === "completed")
        return isOwn ? OWN_TRACE : [{ kind: "check.changed", repo, sha, name: cleanText(app?.name) }];
      return isOwn ? [{ kind: "check.rerequested", repo, sha, sender }] : OTHERS_CHECK;
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
    // Whatever its title says, what was not dispatched is none of ours.
    if (run.event && run.event !== "workflow_dispatch") return "was not dispatched";
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
