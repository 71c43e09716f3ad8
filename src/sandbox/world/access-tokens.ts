/** A token of an installation, as `POST /app/installations/{id}/access_tokens` made it. */
export interface InstallationToken {
  readonly installationId: number;
  readonly permissions: Readonly<Record<string, "read" | "write">>;
  /** The repositories it was narrowed to; null means all of the installation. */
  readonly repositoryIds: ReadonlySet<number> | null;
  readonly expiresAt: Date;
}

/** The `GITHUB_TOKEN` of one workflow job. */
export interface JobToken {
  readonly repoId: number;
  readonly permissions: Readonly<Record<string, "read" | "write">>;
}
