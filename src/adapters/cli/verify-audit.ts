import { type CliDatabase, type CliHost, EXIT, type ExitCode } from "./cli-host.ts";

interface VerifyOptions {
  readonly repo?: number;
  readonly json?: boolean;
}

/** Checks the hash chains of the audit log and names the first row that is not as it was written. */
export async function verifyAudit({ repo, json = false }: VerifyOptions, host: CliHost): Promise<ExitCode> {
  const database = await host.openDatabase({ mustExist: true });
  try {
    const broken = await database.audit.verify(repo);
    const chains = await listChains(database, repo);
    const isMissing = repo !== undefined && chains.length === 0;
    const isIntact = broken === null && !isMissing;
    if (json) host.print(JSON.stringify({ ok: isIntact, broken, chains }));
    else if (broken !== null) {
      host.print(`Repository ${broken.repoId}, row ${broken.seq}: ${broken.why}.`);
    } else if (isMissing) host.print(`Repository ${repo} has no audit rows.`);
    else host.print(describeIntact(chains));
    return isIntact ? EXIT.ok : EXIT.wrong;
  } finally {
    await database.close();
  }
}

interface Chain {
  readonly repoId: number;
  readonly rows: number;
  /** Of the last row: noted elsewhere, it shows later whether rows were taken off the end. */
  readonly hash: string;
}

async function listChains(database: CliDatabase, repo: number | undefined): Promise<readonly Chain[]> {
  const chains = [...(await database.audit.heads())].map(([repoId, { seq, hash }]) => {
    return { repoId, rows: seq, hash };
  });
  return chains.filter(({ repoId }) => repo === undefined || repoId === repo);
}

function describeIntact(chains: readonly Chain[]): string {
  const rows = chains.reduce((sum, chain) => sum + chain.rows, 0);
  return `The audit log is intact: ${count(rows, "row")} of ${count(chains.length, "repository", "repositories")}.`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
