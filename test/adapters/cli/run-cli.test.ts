import { describe, expect, it } from "vitest";
import { type CliDatabase, type CliHost, CliProblem } from "../../../src/adapters/cli/cli-host.ts";
import { runCli } from "../../../src/adapters/cli/run-cli.ts";
import type { Stop } from "../../../src/core/stop/stop.ts";

interface World {
  readonly files?: Readonly<Record<string, string>>;
  readonly database?: Partial<CliDatabase["audit"]>;
  readonly openFails?: string;
  /** What is stopped; changes with what is done. */
  readonly stops?: Stop[];
}

const SHOP = { id: 1001, installationId: 5, owner: "acme", name: "shop" };

function officeOf(stops: Stop[]): CliDatabase["stops"] {
  return {
    list: async () => stops,
    set: async (stop) => void stops.push(stop),
    lift: async (scope) => {
      const lifted = stops.filter((stop) => stop.scope === scope);
      for (const stop of lifted) stops.splice(stops.indexOf(stop), 1);
      return lifted;
    },
    findRepository: async (owner, name) => (owner === "acme" && name === "shop" ? SHOP : null),
  };
}

const NOBODY = { verify: async () => null, heads: async () => new Map() };

async function run(
  args: readonly string[],
  { files = {}, database = {}, openFails, stops = [] }: World = {},
) {
  const out: string[] = [];
  const err: string[] = [];
  const calls: string[] = [];
  const host: CliHost = {
    version: "1.2.3",
    now: () => Date.UTC(2026, 10, 20, 10),
    print: (line) => out.push(line),
    complain: (line) => err.push(line),
    showProgress: () => undefined,
    simulator: {
      run: async () => {
        throw new Error("nothing is simulated here");
      },
    },
    readText: async (path) => {
      const text = files[path];
      if (text === undefined) throw new CliProblem(`${path} cannot be read.`);
      return text;
    },
    serve: async () => {
      calls.push("serve");
    },
    openDatabase: async ({ mustExist }) => {
      calls.push(`open mustExist=${mustExist}`);
      if (openFails !== undefined) throw new CliProblem(openFails);
      return {
        schema: "0007-seventh",
        audit: { ...NOBODY, ...database },
        stops: officeOf(stops),
        close: async () => {
          calls.push("close");
        },
      };
    },
  };
  return { code: await runCli(args, host), out: out.join("\n"), err: err.join("\n"), calls };
}

const BAD = "version: 1\nmoed: active\nautonomy: full\n";
const GOOD = "version: 1\nmode: shadow\n";
const ROADMAP = "version: 1\ntasks:\n  - { id: T-1, title: First }\n";

describe("validate", () => {
  it("prints every problem as file:line:column: message (did you mean …)", async () => {
    const { code, out } = await run(["validate", "x/orchestrator.yml"], {
      files: { "x/orchestrator.yml": BAD },
    });

    expect(code).toBe(1);
    expect(out).toMatchInlineSnapshot(`
      "x/orchestrator.yml:2:1: unknown key "moed" (did you mean "mode"?)
      x/orchestrator.yml:3:11: autonomy must be one of observe, suggest, draft-pr, merge-with-approval, merge, deploy, not "full""
    `);
  });

  it("says of a file without problems what it is", async () => {
    const files = { "orchestrator.yml": GOOD, "roadmap.yml": ROADMAP };

    expect(await run(["validate", ...Object.keys(files)], { files })).toMatchObject({
      code: 0,
      out: "orchestrator.yml: valid configuration\nroadmap.yml: valid roadmap",
      err: "",
    });
  });

  it.each([
    ["plan.yml", ROADMAP, "roadmap"],
    ["plan.yml", GOOD, "configuration"],
    ["plan.yml", "version: 1\n", "configuration"],
    [".github/q4-roadmap.yaml", "version: 1\n", "roadmap"],
    [".github/orchestrator-organisation.yml", "version: 1\nautonomy: suggest\n", "organisation"],
    ["plan.yml", "version: 1\nrepositories: { a: {} }\n", "organisation"],
  ])("takes %s with its content for what it is", async (file, text, kind) => {
    const { out } = await run(["validate", file], { files: { [file]: text } });

    expect(out).toBe(`${file}: valid ${kind}`);
  });

  it("lets the name decide over the content", async () => {
    const { code, out } = await run(["validate", "orchestrator.yml"], {
      files: { "orchestrator.yml": ROADMAP },
    });

    expect(code).toBe(1);
    expect(out).toContain('unknown key "tasks"');
  });

  it("checks the other files although one is wrong and one is missing", async () => {
    const files = { "a.yml": BAD, "c.yml": GOOD };

    const { code, out, err } = await run(["validate", "a.yml", "b.yml", "c.yml"], { files });

    expect(code).toBe(3);
    expect(out).toMatch(/^a\.yml:2:1: .*\nc\.yml: valid configuration$/s);
    expect(err).toBe("b.yml cannot be read.");
  });

  it("gives programs one JSON object", async () => {
    const { code, out } = await run(["validate", "a.yml", "--json"], { files: { "a.yml": BAD } });

    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      files: [
        {
          file: "a.yml",
          ok: false,
          kind: "configuration",
          problems: [
            { line: 2, column: 1, hint: "mode" },
            { path: "autonomy", line: 3 },
          ],
        },
      ],
    });
  });

  it("sends no command of a file to the terminal", async () => {
    const file = 'version: 1\n"\\e[31m\\u009b": 1\n"\u202eabc": 1\n';

    const { out } = await run(["validate", "a.yml"], { files: { "a.yml": file } });

    expect(out).toContain("\\u001b[31m\\u009b");
    expect(out).toContain("\\u202eabc");
    expect(out).not.toMatch(/[[\p{Cc}\u202e]--\n]/v);
  });
});

describe("migrate", () => {
  it("prints the version of the tables and lets go of the database", async () => {
    expect(await run(["migrate"])).toMatchObject({
      code: 0,
      out: "The database is up to date: 0007-seventh.",
      calls: ["open mustExist=false", "close"],
    });
    expect(JSON.parse((await run(["migrate", "--json"])).out)).toEqual({ ok: true, schema: "0007-seventh" });
  });

  it("F054 F055 passes on why the database cannot be opened", async () => {
    const openFails = "The data directory ./data is in use by another process: stop that one first.";

    expect(await run(["migrate"], { openFails })).toMatchObject({ code: 3, out: "", err: openFails });
  });
});

describe("audit verify", () => {
  const heads = async () =>
    new Map([
      [5, { seq: 12, hash: "aa" }],
      [7, { seq: 1, hash: "bb" }],
    ]);

  it("tells how much is intact", async () => {
    expect(await run(["audit", "verify"], { database: { heads } })).toMatchObject({
      code: 0,
      out: "The audit log is intact: 13 rows of 2 repositories.",
      calls: ["open mustExist=true", "close"],
    });
  });

  it("names the first broken row and fails", async () => {
    const verify = async () => ({ repoId: 7, seq: 3, why: "the row was changed after it was written" });

    expect(await run(["audit", "verify"], { database: { verify, heads } })).toMatchObject({
      code: 1,
      out: "Repository 7, row 3: the row was changed after it was written.",
    });
  });

  it("looks at one repository only when it is asked to", async () => {
    const asked: (number | undefined)[] = [];
    const verify = async (repoId?: number) => {
      asked.push(repoId);
      return null;
    };

    const { out } = await run(["audit", "verify", "--repo", "7", "--json"], { database: { verify, heads } });

    expect(asked).toEqual([7]);
    expect(JSON.parse(out)).toEqual({
      ok: true,
      broken: null,
      chains: [{ repoId: 7, rows: 1, hash: "bb" }],
    });
  });

  it("does not call a chain intact that is not there", async () => {
    expect(await run(["audit", "verify", "--repo", "9"], { database: { heads } })).toMatchObject({
      code: 1,
      out: "Repository 9 has no audit rows.",
    });
  });

  it("lets go of the database when the check itself fails", async () => {
    const verify = async () => {
      throw new CliProblem("The database went away.");
    };

    const ended = await run(["audit", "verify"], { database: { verify } });

    expect(ended).toMatchObject({ code: 3, err: "The database went away." });
    expect(ended.calls).toContain("close");
  });
});

describe("the command line", () => {
  it("starts the server", async () => {
    expect(await run(["serve"])).toMatchObject({ code: 0, calls: ["serve"] });
  });

  it.each([
    ["an unknown command", ["valdate", "x"], "(Did you mean validate?)"],
    ["an unknown command of a group", ["audit", "verfy"], "(Did you mean verify?)"],
    ["an unknown option", ["validate", "x", "--jsno"], "(Did you mean --json?)"],
    ["a missing argument", ["validate"], "missing required argument"],
    ["a repository that is no number", ["audit", "verify", "--repo", "a/b"], "It is a number."],
    ["nothing at all", [], "Usage: orchestrator"],
  ])("answers %s with what to do and its own exit code", async (_, args, text) => {
    const { code, out, err, calls } = await run(args);

    expect({ code, out, calls }).toEqual({ code: 2, out: "", calls: [] });
    expect(err).toContain(text);
  });

  it("explains itself on request", async () => {
    expect(await run(["--version"])).toMatchObject({ code: 0, out: "1.2.3" });
    expect((await run(["--help"])).out).toMatchInlineSnapshot(`
      "Usage: orchestrator [options] [command]

      Carries labelled issues to verified results.

      Options:
        -V, --version                 print the version
        -h, --help                    explain a command

      Commands:
        serve                         start the server; every setting comes from the
                                      environment
        validate [options] <file...>  check configuration, roadmap and organisation
                                      files as the server would read them
        simulate [options]            play what a configuration would do, without
                                      GitHub: days in seconds
        migrate [options]             bring the database up to date and print its
                                      version
        audit                         work with the audit log
        stop [options]                kill switch: end runs and write nothing any
                                      more, on every process of the database
        resume [options]              lift a stop; everything goes on by itself
        stops [options]               list what is stopped
        help [command]                display help for command

      Examples:
        $ orchestrator validate .github/orchestrator.yml .github/roadmap.yml
        $ orchestrator simulate --config .github/orchestrator.yml --days 30
        $ orchestrator audit verify --json
        $ orchestrator stop --all --reason "wrong edits"

      Exit codes:
        0  done, nothing is wrong
        1  done, what was looked at is wrong
        2  the command line is wrong
        3  not done: a file, the environment or the database is not to be had"
    `);
  });

  it.each(["serve", "validate", "migrate", "audit verify"])("shows an example of %s", async (command) => {
    const { code, out, calls } = await run([...command.split(" "), "--help"]);

    expect({ code, calls }).toEqual({ code: 0, calls: [] });
    expect(out).toMatch(new RegExp(`\\$ .*orchestrator ${command}`));
  });
});

describe("stop and resume", () => {
  it("F190 stores who stopped what and why, and prints how it is lifted", async () => {
    const stops: Stop[] = [];
    const { code, out, calls } = await run(
      ["stop", "--repo", "acme/shop", "--keep-runs", "--reason", "wrong edits"],
      { stops },
    );

    expect([code, out]).toEqual([0, "Stopped: acme/shop. Lifted by: orchestrator resume --repo acme/shop"]);
    expect(calls).toEqual(["open mustExist=true", "close"]);
    expect(stops).toEqual([
      {
        scope: "repo:1001",
        source: "operator",
        by: "the operator",
        at: Date.UTC(2026, 10, 20, 10),
        why: "wrong edits",
        keepsRuns: true,
        commentId: null,
      },
    ]);
  });

  it("I10 lists the stop of a repository without the words of who ordered it there", async () => {
    const at = Date.UTC(2026, 10, 20, 10);
    const stop: Stop = {
      ...{ scope: "repo:1001", source: "command", by: "@canary", byId: 7, at, why: "canary" },
      ...{ keepsRuns: false, commentId: 500 },
    };
    const listed = "repo:1001, by a comment at 2026-11-20T10:00:00.000Z";

    expect((await run(["stops"], { stops: [stop] })).out).toBe(listed);
    expect((await run(["stops", "--json"], { stops: [stop] })).out).not.toContain("canary");
    expect((await run(["resume", "--all"], { stops: [stop] })).out).toContain(`Still stopped: ${listed}`);
  });

  it("lifts exactly what is named, and says what stays stopped", async () => {
    const stops: Stop[] = [];
    await run(["stop", "--all"], { stops });
    await run(["stop", "--org", "Acme"], { stops });
    const { out } = await run(["resume", "--all"], { stops });

    expect(out).toBe(
      "Goes on: every repository.\nStill stopped: owner:acme, by the operator at 2026-11-20T10:00:00.000Z",
    );
    expect((await run(["stops"], { stops })).out).toBe(
      "owner:acme, by the operator at 2026-11-20T10:00:00.000Z",
    );
    expect((await run(["resume", "--org", "acme", "--json"], { stops })).out).toBe(
      '{"ok":true,"resumed":"owner:acme","lifted":1,"remaining":[]}',
    );
    expect((await run(["resume", "--org", "acme"], { stops })).out).toBe(
      "Nothing was stopped: every repository of acme.",
    );
    expect((await run(["stops"], { stops })).out).toBe("Nothing is stopped in the database.");
  });

  it.each([
    [["stop"], 2, "by exactly one of --all, --org <login> and --repo <owner/name>"],
    [["stop", "--all", "--org", "acme"], 2, "exactly one"],
    [["resume"], 2, "exactly one"],
    [["stop", "--repo", "acme/other"], 3, "knows no repository acme/other"],
    [["stop", "--repo", "shop"], 3, "write it as owner/name, or use --org shop"],
  ])("refuses %j in a sentence", async (args, code, message) => {
    const stops: Stop[] = [];
    const refused = await run(args, { stops });

    expect(refused.code).toBe(code);
    expect(refused.err).toContain(message);
    expect(stops).toEqual([]);
  });
});
