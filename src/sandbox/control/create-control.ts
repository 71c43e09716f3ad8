import { randomBytes } from "node:crypto";
import {
  installApp,
  removeRepositories,
  suspendInstallation,
  uninstallApp,
  unsuspendInstallation,
} from "../areas/apps/installation-records.ts";
import { setRole } from "../areas/people/collaborator-records.ts";
import { forkRepository } from "../areas/repositories/fork-repository.ts";
import {
  createRepoRecord,
  deleteRepository,
  renameRepository,
  setArchived,
} from "../areas/repositories/repository-records.ts";
import { commitFiles } from "../git/push.ts";
import type { WebhookSender } from "../http/webhooks/webhook-sender.ts";
import { createUser } from "../world/create-user.ts";
import { findUser } from "../world/find-records.ts";
import type { Installation, Repo, Role } from "../world/records.ts";
import { setTeam } from "../world/teams.ts";
import type { HistoryEntry, World } from "../world/world.ts";
import { actIn, type InRepository } from "./act-in.ts";
import { controlChecks } from "./control-checks.ts";
import { controlIssues } from "./control-issues.ts";
import { controlPulls } from "./control-pulls.ts";
import type { DeliveryConditions, DeliveryOptions } from "./delivery-conditions.ts";
import type { FaultRule, Faults } from "./faults.ts";
import { requireInstallation, requireRepo, requireUser } from "./require-records.ts";
import { summarizeWorld, type WorldSummary } from "./summarize-world.ts";
import { type IdleOptions, waitUntilIdle } from "./wait-until-idle.ts";

export interface ControlParts {
  readonly world: World;
  readonly sender: WebhookSender;
  readonly conditions: DeliveryConditions;
  readonly faults: Faults;
  readonly closing: AbortSignal;
}

export type SandboxControl = ReturnType<typeof createControl>;

/** What GitHub's web pages and GitHub's own troubles would do: everything a test or the demo may change from outside. */
export function createControl(parts: ControlParts) {
  const { world } = parts;
  return {
    ...controlAccounts(world),
    ...controlRepositories(world),
    ...controlIssues(world),
    ...controlPulls(world),
    ...controlChecks(world),
    ...controlTroubles(parts),
  };
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
    /** Makes a team of an organization, or changes who is in it; returns its slug. */
    setTeam: ({ organization, name, members }: WrittenTeam): string =>
      setTeam(world, {
        organization: requireUser(world, organization),
        name,
        members: members.map((login) => requireUser(world, login)),
      }).slug,
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

export interface WrittenTeam {
  readonly organization: string;
  readonly name: string;
  /** Logins of everybody in it. */
  readonly members: readonly string[];
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
    deleteRepository: (where: InRepository): void => deleteRepository(world, actIn(world, where)),
    /** Copies a repository to the account of the person who does it. */
    forkRepository: (where: InRepository & { readonly login: string }): Promise<Repo> => {
      const { repo, sender } = actIn(world, where);
      return forkRepository(world, { repo, user: sender });
    },
    /** Pushes a commit to a branch, which is made when missing; returns its sha. */
    commitFiles: ({ repository, login, ...commit }: InRepository & PushedFiles): string => {
      const { repo, sender } = actIn(world, { repository, login });
      return commitFiles(world, { ...commit, repo, user: sender });
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
  /** Starts the branch over from `from` and pushes with force. */
  readonly force?: boolean | undefined;
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
