import { randomBytes } from "node:crypto";
import {
  installApp,
  removeRepositories,
  suspendInstallation,
  uninstallApp,
  unsuspendInstallation,
} from "../areas/apps/installation-records.ts";
import { requestAction } from "../areas/checks/check-records.ts";
import { deleteIssue } from "../areas/issues/issue-records.ts";
import { setRole } from "../areas/people/collaborator-records.ts";
import { createRepoRecord, renameRepository, setArchived } from "../areas/repositories/repository-records.ts";
import { commitFiles } from "../git/push.ts";
import type { WebhookSender } from "../http/webhooks/webhook-sender.ts";
import { createUser } from "../world/create-user.ts";
import { findUser } from "../world/find-records.ts";
import type { Installation, Repo, Role } from "../world/records.ts";
import type { User } from "../world/user.ts";
import type { HistoryEntry, World } from "../world/world.ts";
import type { DeliveryConditions, DeliveryOptions } from "./delivery-conditions.ts";
import type { FaultRule, Faults } from "./faults.ts";
import { requireInstallation, requireIssue, requireRepo, requireUser } from "./require-records.ts";
import { summarizeWorld, type WorldSummary } from "./summarize-world.ts";
import { type IdleOptions, waitUntilIdle } from "./wait-until-idle.ts";

export interface ControlParts {
  readonly world: World;
  readonly sender: WebhookSender;
  readonly conditions: DeliveryConditions;
  readonly faults: Faults;
  readonly closing: AbortSignal;
}

/** A repository by `owner/name`, and the person who does it; the owner when nobody is named. */
export interface InRepository {
  readonly repository: string;
  readonly login?: string | undefined;
}

export type SandboxControl = ReturnType<typeof createControl>;

/** What GitHub's web pages and GitHub's own troubles would do: everything a test or the demo may change from outside. */
export function createControl(parts: ControlParts) {
  return { ...controlAccounts(parts.world), ...controlRepositories(parts.world), ...controlTroubles(parts) };
}

function controlAccounts(world: World) {
  return {
    /** Makes a person, or finds the one of that name, and returns a new token of theirs. */
    createUser: (login: string): string => {
      const user = findUser(world, login) ?? createUser(world, login, "User");
      const token = `ghp_${randomBytes(18).toString("hex")}`;
      world.userTokens.set(token, user);
      return token;
    },
    setRole: ({ repository, login, role }: { repository: string; login: string; role: Role }): void => {
      const repo = requireRepo(world, repository);
      setRole(world, { repo, user: requireUser(world, login), role, sender: repo.owner });
    },
    /** Installs the app on repositories of one owner, or adds them to the installation that is there. */
    install: ({ repositories }: { repositories: readonly string[] }): Installation => {
      const repos = repositories.map((name) => requireRepo(world, name));
      const account = repos[0]?.owner;
      if (!account) throw new Error("name at least one repository to install the app on");
      return installApp(world, { account, repos, sender: account });
    },
    /** Takes repositories out of an installation, or with only an account ends it altogether. */
    uninstall: ({
      account,
      repositories,
    }: {
      account: string;
      repositories?: readonly string[] | undefined;
    }): void => {
      const installation = requireInstallation(world, account);
      const change = { installation, sender: installation.account };
      if (!repositories) uninstallApp(world, change);
      else
        removeRepositories(world, { ...change, repos: repositories.map((name) => requireRepo(world, name)) });
    },
    suspend: ({ account }: { account: string }): void => {
      const installation = requireInstallation(world, account);
      suspendInstallation(world, { installation, sender: installation.account });
    },
    unsuspend: ({ account }: { account: string }): void => {
      const installation = requireInstallation(world, account);
      unsuspendInstallation(world, { installation, sender: installation.account });
    },
  };
}

export interface NewRepositoryOptions {
  readonly owner: string;
  readonly name: string;
  /** Folder whose files become the first commit. */
  readonly seedDir?: string | undefined;
  readonly private?: boolean | undefined;
}

function controlRepositories(world: World) {
  return {
    /** Creates a repository; an owner that nobody knows becomes an organization. */
    createRepository: async ({ owner, ...values }: NewRepositoryOptions): Promise<Repo> =>
      createRepoRecord(world, {
        ...values,
        owner: findUser(world, owner) ?? createUser(world, owner, "Organization"),
      }),
    renameRepository: ({ repository, login, name }: InRepository & { readonly name: string }): void =>
      renameRepository(world, { ...actIn(world, { repository, login }), name }),
    archiveRepository: ({
      repository,
      login,
      archived,
    }: InRepository & { readonly archived: boolean }): void =>
      setArchived(world, { ...actIn(world, { repository, login }), archived }),
    deleteIssue: ({ repository, login, number }: InRepository & { readonly number: number }): void => {
      const { repo, sender } = actIn(world, { repository, login });
      deleteIssue(world, { repo, issue: requireIssue(repo, number), user: sender });
    },
    /** Pushes a commit to a branch, which is made when missing; returns its sha. */
    commitFiles: ({ repository, login, from, ...commit }: InRepository & PushedFiles): string => {
      const { repo, sender } = actIn(world, { repository, login });
      return commitFiles(world, { ...commit, repo, user: sender, ...(from !== undefined && { from }) });
    },
    /** Presses a button that a check run offers. */
    requestAction: ({ repository, login, checkRunId, identifier }: InRepository & PressedButton): void => {
      const { repo, sender } = actIn(world, { repository, login });
      const run = repo.checkRuns.get(checkRunId);
      if (!run) throw new Error(`there is no check run ${checkRunId} in ${repository}`);
      requestAction(world, repo, { run, identifier, sender });
    },
    setSecret: ({ repository, name, value }: NamedValue): void => {
      requireRepo(world, repository).secrets.set(name, value);
    },
    setVariable: ({ repository, name, value }: NamedValue): void => {
      requireRepo(world, repository).variables.set(name, value);
    },
  };
}

export interface PushedFiles {
  readonly branch: string;
  readonly from?: string | undefined;
  /** New text by path; null removes the file. */
  readonly files: Readonly<Record<string, string | null>>;
  readonly message: string;
}

export interface PressedButton {
  readonly checkRunId: number;
  readonly identifier: string;
}

export interface NamedValue {
  readonly repository: string;
  readonly name: string;
  readonly value: string;
}

function controlTroubles({ world, sender, conditions, faults, closing }: ControlParts) {
  return {
    /** Makes the next matching requests fail, before or after they take effect. */
    failNext: (rule: FaultRule): void => faults.add(rule),
    clearFaults: (): void => faults.clear(),
    setDelivery: (options: DeliveryOptions): void => conditions.set(options),
    pauseDeliveries: (): void => sender.pause(),
    resumeDeliveries: (): void => sender.resume(),
    history: (): readonly HistoryEntry[] => world.history,
    state: (): WorldSummary => summarizeWorld(world, sender.pendingCount()),
    /** Resolves when no delivery is on its way and no workflow runs. */
    idle: (options: IdleOptions = {}): Promise<void> => waitUntilIdle({ world, sender, closing }, options),
  };
}

function actIn(world: World, { repository, login }: InRepository): { repo: Repo; sender: User } {
  const repo = requireRepo(world, repository);
  return { repo, sender: login === undefined ? repo.owner : requireUser(world, login) };
}
