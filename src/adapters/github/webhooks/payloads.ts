import { z } from "zod";

/** Only the fields that are used: a field GitHub adds, renames or leaves out elsewhere must not cost a delivery. */
export const Sender = z
  .object({
    id: z.number(),
    login: z.string(),
    type: z.enum(["User", "Bot", "Organization", "Mannequin"]).catch("Bot"),
  })
  .nullish();
export type Sender = z.infer<typeof Sender>;

const Named = z.object({ name: z.string() });
const App = z.object({ id: z.number() }).nullish();

const Installation = z.object({ id: z.number() }).nullish();

const Repository = z.object({
  id: z.number(),
  name: z.string(),
  owner: z.object({ login: z.string() }),
  default_branch: z.string().optional(),
});

/** What every delivery about a repository has in common. */
export const AboutRepository = z.object({
  action: z.string().optional(),
  repository: Repository,
  installation: Installation,
  sender: Sender,
});
export type AboutRepository = z.infer<typeof AboutRepository>;

const Issue = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullish(),
  labels: z.array(z.union([Named, z.string()])).nullish(),
  state_reason: z.enum(["completed", "not_planned", "duplicate", "reopened"]).nullish().catch(null),
  pull_request: z.unknown().optional(),
});
export type IssuePayload = z.infer<typeof Issue>;

export const AboutIssue = AboutRepository.extend({ issue: Issue, label: Named.nullish() });

export const AboutLabel = AboutRepository.extend({
  label: Named,
  changes: z.object({ name: z.object({ from: z.string() }).optional() }).optional(),
});

export const AboutComment = AboutRepository.extend({
  issue: Issue,
  comment: z.object({
    id: z.number(),
    body: z.string().nullish(),
    created_at: z.string(),
    performed_via_github_app: App,
  }),
  changes: z.object({ body: z.object({ from: z.string() }).optional() }).optional(),
});

export const AboutPull = AboutRepository.extend({
  pull_request: z.object({
    number: z.number(),
    title: z.string().optional(),
    body: z.string().nullish(),
    labels: z.array(z.union([Named, z.string()])).nullish(),
    head: z.object({ sha: z.string(), ref: z.string() }),
    base: z.object({ ref: z.string() }),
  }),
  label: Named.nullish(),
  /** What an edit changed; only which fields are there is looked at. */
  changes: z
    .object({ base: z.unknown(), title: z.unknown(), body: z.unknown() })
    .partial()
    .nullish()
    .catch(null),
});

export const AboutReview = AboutPull.extend({
  review: z.object({ id: z.number(), body: z.string().nullish() }),
});

export const AboutLine = AboutPull.extend({
  comment: z.object({ id: z.number(), body: z.string().nullish() }),
});

export const AboutCheckRun = AboutRepository.extend({
  check_run: z.object({ head_sha: z.string(), app: App }),
  requested_action: z.object({ identifier: z.string() }).nullish().catch(null),
});

export const AboutMergeGroup = AboutRepository.extend({
  merge_group: z.object({
    head_sha: z.string(),
    head_ref: z.string(),
    base_sha: z.string(),
    base_ref: z.string(),
  }),
});

export const AboutCheckSuite = AboutRepository.extend({
  check_suite: z.object({
    head_sha: z.string(),
    app: z.object({ id: z.number(), name: z.string().optional() }).nullish(),
  }),
});

export const AboutStatus = AboutRepository.extend({ sha: z.string(), context: z.string() });

export const AboutRun = AboutRepository.extend({
  workflow_run: z.object({
    id: z.number(),
    display_title: z.string().nullish(),
    name: z.string().nullish(),
    status: z.string().nullish(),
    conclusion: z.string().nullish(),
    run_attempt: z.number().nullish(),
    event: z.string().nullish(),
  }),
});

const PushedCommit = z.object({
  added: z.array(z.string()).nullish(),
  modified: z.array(z.string()).nullish(),
  removed: z.array(z.string()).nullish(),
});

export const AboutPush = AboutRepository.extend({
  ref: z.string(),
  after: z.string(),
  deleted: z.boolean(),
  commits: z.array(PushedCommit).nullish(),
});

const ListedRepository = z.object({ id: z.number(), name: z.string(), full_name: z.string() });
export type ListedRepository = z.infer<typeof ListedRepository>;

export const AboutInstallation = z.object({
  action: z.string().optional(),
  installation: z.object({ id: z.number() }),
  repositories: z.array(ListedRepository).nullish(),
});

export const AboutInstallationRepositories = z.object({
  action: z.string().optional(),
  installation: z.object({ id: z.number() }),
  repositories_added: z.array(ListedRepository).nullish(),
  repositories_removed: z.array(ListedRepository).nullish(),
});
