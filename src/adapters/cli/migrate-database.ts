import { type CliHost, EXIT, type ExitCode } from "./cli-host.ts";

/** Brings the tables up to date and tells which version they have. */
export async function migrateDatabase(
  { json = false }: { readonly json?: boolean },
  host: CliHost,
): Promise<ExitCode> {
  const database = await host.openDatabase({ mustExist: false });
  await database.close();
  host.print(
    json
      ? JSON.stringify({ ok: true, schema: database.schema })
      : `The database is up to date: ${database.schema}.`,
  );
  return EXIT.ok;
}
