import type { Event } from "../../../core/events.ts";
import { cleanText } from "../clean-text.ts";
import {
  AboutInstallation,
  AboutInstallationRepositories,
  AboutLabel,
  AboutPush,
  AboutRepository,
  type ListedRepository,
} from "./payloads.ts";
import {
  aboutRepository,
  branchOf,
  createRow,
  isOwnSender,
  OWN_TRACE,
  type Translation,
  toRepo,
  type WebhookRow,
} from "./webhook-row.ts";

const CONFIG_PATH = ".github/orchestrator.yml";

type PushDelivery = typeof AboutPush._output;

/** Our own pushes count too: a merge of ours moves the default branch. */
export const pushRow: WebhookRow = createRow({
  event: "push",
  actions: null,
  schema: AboutPush,
  translate(payload) {
    const branch = branchOf(payload.ref);
    if (branch === undefined) return "not a branch";
    if (payload.deleted) return "the branch was deleted";
    const isDefault = branch === payload.repository.default_branch;
    if (!isDefault && !touchesConfig(payload)) return "neither the default branch nor the configuration";
    return aboutRepository(payload, (repo, sender) => [
      { kind: "branch.pushed", repo, branch, sha: payload.after, sender },
    ]);
  },
});

function touchesConfig({ commits }: PushDelivery): boolean {
  return (commits ?? []).some((commit) =>
    [commit.added, commit.modified, commit.removed].some((paths) => paths?.includes(CONFIG_PATH)),
  );
}

const REPOSITORY_CHANGES = [
  ...["renamed", "edited", "archived", "unarchived", "publicized", "privatized", "transferred"],
];

export const repositoryRow: WebhookRow = createRow({
  event: "repository",
  actions: [...REPOSITORY_CHANGES, "deleted"],
  schema: AboutRepository,
  translate: (payload) =>
    aboutRepository(payload, (repo) => [
      { kind: payload.action === "deleted" ? "repository.removed" : "repository.changed", repo },
    ]),
});

/** The label that hands issues over may be renamed or deleted in the repository's settings (F103). */
export const labelRow: WebhookRow = createRow({
  event: "label",
  actions: ["created", "edited", "deleted"],
  schema: AboutLabel,
  translate(payload, own) {
    if (isOwnSender(payload.sender, own)) return OWN_TRACE;
    const former = payload.changes?.name?.from;
    if (payload.action === "edited" && former === undefined) return "the name did not change";
    return aboutRepository(payload, (repo) => [
      {
        kind: "label.changed",
        repo,
        label: cleanText(payload.label.name),
        former: former === undefined ? null : cleanText(former),
      },
    ]);
  },
});

type RepositoryEventKind = Extract<
  Event["kind"],
  `repository.${"added" | "removed" | "changed"}` | `installation.${string}`
>;

const INSTALLATION_EVENTS: Readonly<Record<string, RepositoryEventKind>> = {
  created: "repository.added",
  deleted: "repository.removed",
  suspend: "installation.suspended",
  unsuspend: "installation.unsuspended",
  new_permissions_accepted: "repository.changed",
};

export const installationRow: WebhookRow = createRow({
  event: "installation",
  actions: Object.keys(INSTALLATION_EVENTS),
  always: true,
  schema: AboutInstallation,
  translate({ action, installation, repositories }) {
    const kind = INSTALLATION_EVENTS[action ?? ""];
    return kind ? listEvents(kind, installation.id, repositories) : "unknown action";
  },
});

export const installationRepositoriesRow: WebhookRow = createRow({
  event: "installation_repositories",
  actions: ["added", "removed"],
  always: true,
  schema: AboutInstallationRepositories,
  translate: ({ action, installation, repositories_added, repositories_removed }) =>
    action === "added"
      ? listEvents("repository.added", installation.id, repositories_added)
      : listEvents("repository.removed", installation.id, repositories_removed),
});

function listEvents(
  kind: RepositoryEventKind,
  installationId: number,
  repositories: readonly ListedRepository[] | null | undefined,
): Translation {
  if (!repositories?.length) return "names no repository";
  return repositories.map((listed): Event => ({ kind, repo: toRepo(installationId, listed) }));
}
