import { z } from "zod";
import { REVIEW_EVENTS } from "../areas/pulls/review-records.ts";
import { presentRepositoryName } from "../present/repository.ts";
import type { SandboxControl } from "./create-control.ts";

/** One control function as HTTP sees it. */
export interface ControlCommand {
  readonly method: "GET" | "POST";
  readonly run: (control: SandboxControl, body: unknown) => unknown;
}

const role = z.enum(["none", "read", "triage", "write", "maintain", "admin"]);
const repository = z.string().regex(/^[^/]+\/[^/]+$/, "must be owner/name");
const inRepository = z.strictObject({ repository, login: z.string().optional() });
const onPull = inRepository.extend({ number: z.int() });
const onCheck = inRepository.extend({ checkRunId: z.int() });
const account = z.strictObject({ account: z.string() });
const namedValue = z.strictObject({ repository, name: z.string().min(1), value: z.string() });
const ofIssue = inRepository.extend({ number: z.int() });
const rate = z.number().min(0).max(1).optional();

const newRepository = z.strictObject({
  owner: z.string().min(1),
  name: z.string().regex(/^[\w.-]{1,100}$/),
  seedDir: z.string().optional(),
  private: z.boolean().optional(),
});

const fault = z.strictObject({
  method: z.string().optional(),
  pathPattern: z.string().optional(),
  status: z.int().min(200).max(599).optional(),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  times: z.int().min(1).optional(),
  applied: z.boolean(),
  hang: z.number().min(0).max(3_600_000).optional(),
  dropConnection: z.boolean().optional(),
});

const deliveryOptions = z.strictObject({
  lagMs: z.number().min(0).max(3_600_000).optional(),
  dropRate: rate,
  doubleRate: rate,
  shuffle: z.boolean().optional(),
  seed: z.int().optional(),
});

const pushedFiles = inRepository.extend({
  branch: z.string().min(1),
  from: z.string().optional(),
  files: z.record(z.string(), z.string().nullable()),
  message: z.string().min(1),
  force: z.boolean().optional(),
});

const writtenReview = onPull.extend({
  event: z.enum(REVIEW_EVENTS),
  body: z.string().optional(),
  commitId: z.string().optional(),
});

const writtenRules = inRepository.extend({
  branch: z.string().min(1),
  requiredChecks: z.array(z.string().min(1)).default([]),
  mergeQueue: z.boolean().default(false),
});

const writtenTeam = z.strictObject({
  organization: z.string(),
  name: z.string().regex(/[\p{L}\p{N}]/u, "must have a letter or a digit"),
  members: z.array(z.string()),
});

/** Every control function by its place under `/_sandbox/`. */
export const CONTROL_COMMANDS: Readonly<Record<string, ControlCommand>> = {
  "create-user": post(z.strictObject({ login: z.string().min(1) }), (control, { login }) => ({
    token: control.createUser(login),
  })),
  "create-repository": post(newRepository, async (control, values) =>
    presentRepositoryName(await control.createRepository(values)),
  ),
  "rename-repository": post(inRepository.extend({ name: z.string() }), (control, values) =>
    control.renameRepository(values),
  ),
  "archive-repository": post(inRepository.extend({ archived: z.boolean() }), (control, values) =>
    control.archiveRepository(values),
  ),
  "set-role": post(z.strictObject({ repository, login: z.string(), role }), (control, values) =>
    control.setRole(values),
  ),
  install: post(z.strictObject({ repositories: z.array(repository).min(1) }), (control, values) => ({
    id: control.install(values).id,
  })),
  uninstall: post(account.extend({ repositories: z.array(repository).optional() }), (control, values) =>
    control.uninstall(values),
  ),
  suspend: post(account, (control, values) => control.suspend(values)),
  unsuspend: post(account, (control, values) => control.unsuspend(values)),
  "delete-issue": post(ofIssue, (control, values) => control.deleteIssue(values)),
  "pin-issue": post(ofIssue, (control, values) => control.pinIssue(values)),
  "convert-to-discussion": post(ofIssue, (control, values) => control.convertToDiscussion(values)),
  "transfer-issue": post(ofIssue.extend({ to: repository }), (control, values) => ({
    number: control.transferIssue(values),
  })),
  "commit-files": post(pushedFiles, (control, values) => ({ sha: control.commitFiles(values) })),
  "set-team": post(writtenTeam, (control, values) => ({ slug: control.setTeam(values) })),
  "fork-repository": post(inRepository.extend({ login: z.string() }), async (control, values) =>
    presentRepositoryName(await control.forkRepository(values)),
  ),
  "delete-repository": post(inRepository, (control, values) => control.deleteRepository(values)),
  "set-draft": post(onPull.extend({ draft: z.boolean() }), (control, values) => control.setDraft(values)),
  review: post(writtenReview, (control, values) => ({ id: control.review(values) })),
  "dismiss-review": post(onPull.extend({ reviewId: z.int() }), (control, values) =>
    control.dismissReview(values),
  ),
  "set-branch-rules": post(writtenRules, (control, values) => control.setBranchRules(values)),
  enqueue: post(onPull, (control, values) => control.enqueue(values)),
  dequeue: post(onPull, (control, values) => control.dequeue(values)),
  "request-action": post(onCheck.extend({ identifier: z.string() }), (control, values) =>
    control.requestAction(values),
  ),
  "rerequest-check": post(onCheck, (control, values) => control.rerequestCheck(values)),
  "set-secret": post(namedValue, (control, values) => control.setSecret(values)),
  "set-variable": post(namedValue, (control, values) => control.setVariable(values)),
  "fail-next": post(fault, (control, rule) => control.failNext(rule)),
  "clear-faults": post(z.strictObject({}), (control) => control.clearFaults()),
  "set-delivery": post(deliveryOptions, (control, options) => control.setDelivery(options)),
  "pause-deliveries": post(z.strictObject({}), (control) => control.pauseDeliveries()),
  "resume-deliveries": post(z.strictObject({}), (control) => control.resumeDeliveries()),
  idle: post(z.strictObject({ timeoutMs: z.number().optional() }), (control, options) =>
    control.idle(options),
  ),
  history: { method: "GET", run: (control) => control.history() },
  state: { method: "GET", run: (control) => control.state() },
};

function post<T>(schema: z.ZodType<T>, run: (control: SandboxControl, values: T) => unknown): ControlCommand {
  return { method: "POST", run: (control, body) => run(control, schema.parse(body)) };
}
