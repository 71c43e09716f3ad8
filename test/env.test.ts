import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { listSecrets, readEnv, readStoreEnv } from "../src/env.ts";
import { VARIABLES } from "../src/environment-variables.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
const SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f00123456789abcdef";
const OTHER_SECRET = "fedcba98765432100f1e2d3c4b5a69788796a5b4c3d2e1f0";

/** For every variable a value that differs from its default. */
const OTHER_VALUES: Record<string, string> = {
  APP_ID: "13",
  PRIVATE_KEY: PEM,
  PRIVATE_KEY_PATH: "/run/secrets/key.pem",
  WEBHOOK_SECRET: OTHER_SECRET,
  GITHUB_API_URL: "https://github.example/api/v3",
  PORT: "8080",
  HOST: "0.0.0.0",
  DATABASE_URL: "postgres://db/orchestrator",
  DATA_DIR: "/var/lib/orchestrator",
  PROCESS: "worker",
  STOP: "acme",
  LOG_LEVEL: "warn",
  METRICS_TOKEN: "0123456789abcdef",
  OPERATOR_TOKEN: "fedcba9876543210",
};

const complete: Record<string, string> = { APP_ID: "12", PRIVATE_KEY: PEM, WEBHOOK_SECRET: SECRET };

function problemsOf(variables: Record<string, string>, readFile?: (path: string) => string) {
  const read = readEnv({ ...complete, ...variables }, readFile);
  return read.ok ? [] : read.problems;
}

function envOf(variables: Record<string, string>) {
  const read = readEnv({ ...complete, ...variables });
  if (!read.ok) throw new Error(read.problems.join("\n"));
  return read.env;
}

describe("the environment", () => {
  it("needs three values and has a default for the rest", () => {
    expect(envOf({})).toEqual({
      appId: 12,
      privateKey: expect.stringContaining("-----BEGIN PRIVATE KEY-----\n"),
      webhookSecrets: [SECRET],
      apiUrl: "https://api.github.com",
      port: 3000,
      host: "127.0.0.1",
      databaseUrl: undefined,
      dataDir: "./data",
      part: "all",
      logLevel: "info",
      metricsToken: undefined,
      operatorToken: undefined,
    });
  });

  it("takes every value that is given", () => {
    const given = {
      GITHUB_API_URL: "http://127.0.0.1:4000/api/v3//",
      PORT: "0",
      HOST: "::1",
      DATABASE_URL: "postgres://app:p%40ss@db:5432/orchestrator",
      DATA_DIR: "/var/lib/orchestrator",
      PROCESS: "front-door",
      LOG_LEVEL: "debug",
      METRICS_TOKEN: "0123456789abcdef",
    };

    expect(envOf(given)).toMatchObject({
      apiUrl: "http://127.0.0.1:4000/api/v3",
      port: 0,
      host: "::1",
      databaseUrl: given.DATABASE_URL,
      dataDir: given.DATA_DIR,
      part: "front-door",
      logLevel: "debug",
      metricsToken: given.METRICS_TOKEN,
    });
  });

  it("F190 takes what is stopped in lower case, and refuses words that only look like a switch", () => {
    expect(envOf({}).stopped).toBeUndefined();
    expect(envOf({ STOP: "all" }).stopped).toEqual(["all"]);
    expect(envOf({ STOP: "Acme, octo/Shop.js" }).stopped).toEqual(["acme", "octo/shop.js"]);
    for (const STOP of ["true", "1", "off", "acme/", "acme shop", ",", "*"]) {
      expect(problemsOf({ STOP })).toEqual([
        "STOP must be all, or accounts and repositories separated by commas, such as acme,octo/shop, or be left out.",
      ]);
    }
  });

  it("takes an empty value as not set", () => {
    expect(envOf({ PORT: "", DATABASE_URL: " ", WEBHOOK_PROXY_URL: "", PRIVATE_KEY_PATH: "" })).toMatchObject(
      {
        port: 3000,
        databaseUrl: undefined,
      },
    );
  });

  it("F001 names everything that is missing at once", () => {
    expect(readEnv({})).toMatchInlineSnapshot(`
      {
        "ok": false,
        "problems": [
          "APP_ID must be the number of the app, its App ID on its settings page.",
          "WEBHOOK_SECRET cannot be used: the webhook secret is not set; make one with: openssl rand -hex 32.",
          "PRIVATE_KEY must be the app's private key (PEM), or PRIVATE_KEY_PATH the file that holds it.",
        ],
      }
    `);
  });

  it("names everything that is wrong at once, in whole sentences", () => {
    const problems = problemsOf({
      APP_ID: "my-app",
      GITHUB_API_URL: "api.github.com",
      PORT: "70000",
      HOST: "all of them",
      DATABASE_URL: "mysql://db/orchestrator",
      PROCESS: "door",
      LOG_LEVEL: "loud",
      METRICS_TOKEN: "short",
    });

    expect(problems).toMatchInlineSnapshot(`
      [
        "DATABASE_URL must be an address such as postgres://user:password@host:5432/orchestrator, or be left out.",
        "APP_ID must be the number of the app, its App ID on its settings page.",
        "GITHUB_API_URL must be an http or https address without user name, query and fragment.",
        "PORT must be a number from 0 to 65535.",
        "HOST must be an address to listen on, such as 127.0.0.1 or 0.0.0.0.",
        "PROCESS must be one of all, front-door, worker.",
        "LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent.",
        "METRICS_TOKEN must have at least 16 characters and no spaces; make one with: openssl rand -hex 32.",
      ]
    `);
  });

  it.each(["front-door", "worker"])(
    "F018 refuses to be a %s on a database that belongs to one process",
    (part) => {
      expect(problemsOf({ PROCESS: part, DATABASE_URL: "" })).toEqual([
        `PROCESS=${part} needs DATABASE_URL, since the embedded database belongs to one process: set it to a PostgreSQL, or set PROCESS to all.`,
      ]);
      expect(envOf({ PROCESS: part, DATABASE_URL: "postgres://db/orchestrator" }).part).toBe(part);
    },
  );

  it.each(["0", "-1", "1.5", "1e3", "0x10", "12 34", "9".repeat(30)])(
    "refuses %s as the app's number",
    (id) => {
      expect(problemsOf({ APP_ID: id })).toEqual([expect.stringMatching(/^APP_ID must be the number/)]);
    },
  );

  it.each(["development", "short", "a".repeat(64), "abc123".repeat(10)])(
    "F001 refuses the weak secret %s",
    (secret) => {
      expect(problemsOf({ WEBHOOK_SECRET: secret })).toEqual([
        expect.stringMatching(/^WEBHOOK_SECRET cannot be used: .*openssl rand -hex 32\.$/),
      ]);
    },
  );

  it("F096 takes two secrets while one replaces the other, and refuses a third or a weak second", () => {
    expect(envOf({ WEBHOOK_SECRET: `${SECRET}, ${OTHER_SECRET}` }).webhookSecrets).toEqual([
      SECRET,
      OTHER_SECRET,
    ]);
    expect(problemsOf({ WEBHOOK_SECRET: `${SECRET},${OTHER_SECRET},${SECRET}x` })).toHaveLength(1);
    expect(problemsOf({ WEBHOOK_SECRET: `${SECRET},development` })).toHaveLength(1);
    expect(problemsOf({ WEBHOOK_SECRET: `${SECRET},` })).toHaveLength(1);
  });

  it.each([
    ["as it is", PEM],
    ["with line breaks written out", PEM.replaceAll("\n", "\\n")],
    ["with the line breaks of Windows", PEM.replaceAll("\n", "\r\n")],
    ["in quotes", `"${PEM}"`],
  ])("F096 takes a private key %s", (_, text) => {
    expect(envOf({ PRIVATE_KEY: text }).privateKey).toBe(envOf({}).privateKey);
  });

  it("F096 refuses a bad private key with what to do, and repeats nothing of it", () => {
    const cut = PEM.split("\n").toSpliced(3, 4).join("\n");
    const [, line = ""] = cut.split("\n");

    const problems = problemsOf({ PRIVATE_KEY: cut });

    expect(problems).toEqual([expect.stringMatching(/^PRIVATE_KEY cannot be used: .* \.pem file/)]);
    expect(problems.join()).not.toContain(line.slice(0, 20));
  });

  it("reads the private key from a file", () => {
    const files: Record<string, string> = { "/run/secrets/key.pem": PEM };
    const { PRIVATE_KEY: _, ...rest } = complete;

    const read = readEnv({ ...rest, PRIVATE_KEY_PATH: "/run/secrets/key.pem" }, (path) => files[path] ?? "");

    expect(read).toMatchObject({ ok: true, env: { privateKey: envOf({}).privateKey } });
  });

  it("tells why the file of the private key cannot be read", () => {
    const { PRIVATE_KEY: _, ...rest } = complete;

    expect(readEnv({ ...rest, PRIVATE_KEY_PATH: "/nowhere/key.pem" })).toEqual({
      ok: false,
      problems: [
        "PRIVATE_KEY_PATH names a file that cannot be read (ENOENT); correct the path or its rights.",
      ],
    });
  });

  it("refuses two private keys, since it could only guess which one is meant", () => {
    expect(problemsOf({ PRIVATE_KEY_PATH: "/run/secrets/key.pem" })).toEqual([
      "PRIVATE_KEY and PRIVATE_KEY_PATH are both set; keep one of them.",
    ]);
  });

  it.each([
    ["S45", "WEBHOOK_PROXY_URL", "https://smee.io/abc"],
    ["S35", "REDIS_URL", "redis://127.0.0.1"],
  ])("%s refuses %s with the reason", (_, name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([
      expect.stringMatching(new RegExp(`^${name} must not be set: .{40,}\\.$`)),
    ]);
  });

  it.each([
    "ftp://api.github.com",
    "https://user:pass@api.github.com",
    "https://api.github.com/?a=b",
    "https://api.github.com/#a",
  ])("refuses %s as the address of GitHub", (url) => {
    expect(problemsOf({ GITHUB_API_URL: url })).toHaveLength(1);
  });

  it("repeats no secret value in any problem", () => {
    const secrets = {
      PRIVATE_KEY: "marker-a",
      WEBHOOK_SECRET: "marker-b",
      DATABASE_URL: "marker-c",
      METRICS_TOKEN: "marker-d",
      OPERATOR_TOKEN: "marker-e",
    };

    expect(problemsOf(secrets)).toHaveLength(5);
    expect(problemsOf(secrets).join()).not.toContain("marker");
  });
});

describe("what opens the database", () => {
  it("needs no key of the app", () => {
    expect(readStoreEnv({ DATA_DIR: "/tmp/x" })).toEqual({
      ok: true,
      env: { databaseUrl: undefined, dataDir: "/tmp/x" },
    });
  });

  it("is checked by the same rules", () => {
    expect(readStoreEnv({ DATABASE_URL: "postgres://a:%zz@db/x" })).toMatchObject({
      ok: false,
      problems: [expect.stringMatching(/^DATABASE_URL must be an address/)],
    });
  });
});

describe("secrets", () => {
  it("are listed for the log, with the database's password as written and as meant", () => {
    const env = envOf({ DATABASE_URL: "postgres://app:p%40ssword@db/x", METRICS_TOKEN: "0123456789abcdef" });

    expect(listSecrets(env)).toEqual([env.privateKey, SECRET, "0123456789abcdef", "p%40ssword", "p@ssword"]);
  });
});

describe("the table of variables", () => {
  it.each(VARIABLES)("has an effect for $name", ({ name }) => {
    const { [name]: value, ...without } = { ...complete, [name]: OTHER_VALUES[name] };

    expect(readEnv({ ...without, [name]: value }, () => PEM)).not.toEqual(readEnv(without, () => PEM));
  });

  it("has a row for everything that is read", () => {
    const read = (file: string) => readFileSync(new URL(`../src/${file}`, import.meta.url), "utf8");
    const inSchemas = [...read("env.ts").matchAll(/^ {2}([A-Z_]+): (?!refused)/gm)].map(([, name]) => name);
    const inKey = [...read("read-key.ts").matchAll(/\b(PRIVATE_KEY\w*): \w+/g)].map(([, name]) => name);

    expect([...inSchemas, ...inKey].toSorted()).toEqual(VARIABLES.map(({ name }) => name).toSorted());
  });

  it("says of every row what it is", () => {
    const rows = VARIABLES.filter(({ description }) => !description.endsWith("."));

    expect(rows).toEqual([]);
  });
});
