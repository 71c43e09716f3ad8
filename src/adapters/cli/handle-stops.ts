import { ALL, type Stop, scopeOfOwner, scopeOfRepository } from "../../core/stop/stop.ts";
import { type CliDatabase, type CliHost, CliProblem, EXIT, type ExitCode } from "./cli-host.ts";

/** What is stopped or goes on; exactly one of the three. */
export interface ScopeOptions {
  readonly all?: boolean;
  readonly org?: string;
  readonly repo?: string;
  readonly json?: boolean;
}

export interface StopOptions extends ScopeOptions {
  readonly keepRuns?: boolean;
  readonly reason?: string;
}

/** Stops everything, an account or a repository, for every process on the database. */
export async function stopEverything(options: StopOptions, host: CliHost): Promise<ExitCode> {
  return withScope(options, host, async ({ stops }, { scope, name }) => {
    await stops.set({
      scope,
      source: "operator",
      by: "the operator",
      at: host.now(),
      why: options.reason ?? null,
      keepsRuns: options.keepRuns === true,
      commentId: null,
    });
    if (options.json === true) host.print(JSON.stringify({ ok: true, stopped: scope }));
    else host.print(`Stopped: ${name}. Lifted by: orchestrator resume ${flagOf(options)}`);
  });
}

/** Lifts whatever stops exactly this, whoever ordered it. */
export async function resumeEverything(options: ScopeOptions, host: CliHost): Promise<ExitCode> {
  return withScope(options, host, async ({ stops }, { scope, name }) => {
    const lifted = await stops.lift(scope);
    const remaining = (await stops.list()).map(withoutWords);
    if (options.json === true) {
      host.print(JSON.stringify({ ok: true, resumed: scope, lifted: lifted.length, remaining }));
      return;
    }
    host.print(lifted.length === 0 ? `Nothing was stopped: ${name}.` : `Goes on: ${name}.`);
    for (const stop of remaining) host.print(`Still stopped: ${describe(stop)}`);
  });
}

/** Lists every stop that is stored. */
export async function listStops({ json }: { readonly json?: boolean }, host: CliHost): Promise<ExitCode> {
  const database = await host.openDatabase({ mustExist: true });
  try {
    const stops = (await database.stops.list()).map(withoutWords);
    if (json === true) host.print(JSON.stringify({ ok: true, stops }));
    else if (stops.length === 0) host.print("Nothing is stopped in the database.");
    else for (const stop of stops) host.print(describe(stop));
    return EXIT.ok;
  } finally {
    await database.close();
  }
}

/** Who stopped a repository by a comment and why is that repository's; it may be governed, and this lists several. */
function withoutWords(stop: Stop): Stop {
  if (stop.source !== "command") return stop;
  const { byId: _, ...rest } = stop;
  return { ...rest, by: "a comment", why: null };
}

interface Scope {
  readonly scope: string;
  /** As the operator wrote it. */
  readonly name: string;
}

async function withScope(
  options: ScopeOptions,
  host: CliHost,
  work: (database: CliDatabase, scope: Scope) => Promise<void>,
): Promise<ExitCode> {
  const named = [options.all, options.org, options.repo].filter((value) => value !== undefined);
  if (named.length !== 1) {
    host.complain("error: say what, by exactly one of --all, --org <login> and --repo <owner/name>");
    return EXIT.usage;
  }
  const database = await host.openDatabase({ mustExist: true });
  try {
    await work(database, await findScope(options, database));
    return EXIT.ok;
  } finally {
    await database.close();
  }
}

async function findScope({ org, repo }: ScopeOptions, { stops }: CliDatabase): Promise<Scope> {
  if (org !== undefined) return { scope: scopeOfOwner(org), name: `every repository of ${org}` };
  if (repo === undefined) return { scope: ALL, name: "every repository" };
  const [owner = "", name = ""] = repo.split("/");
  const known = await stops.findRepository(owner, name);
  if (known !== null) return { scope: scopeOfRepository(known.id), name: repo };
  throw new CliProblem(
    `The database knows no repository ${repo}: write it as owner/name, or use --org ${owner || "<login>"}.`,
  );
}

function flagOf({ org, repo }: ScopeOptions): string {
  if (org !== undefined) return `--org ${org}`;
  return repo === undefined ? "--all" : `--repo ${repo}`;
}

function describe({ scope, by, at, why, keepsRuns }: Stop): string {
  const note = why === null ? "" : `: ${why}`;
  return `${scope}, by ${by} at ${new Date(at).toISOString()}${keepsRuns ? ", runs go on" : ""}${note}`;
}
