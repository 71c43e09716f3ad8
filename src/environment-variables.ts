export interface VariableRow {
  readonly name: string;
  /** What holds when the variable is not set; null when nothing does. */
  readonly default: string | null;
  readonly description: string;
  readonly isRequired?: true;
  readonly isSecret?: true;
  /** A value of its kind, for the example file. */
  readonly example?: string;
}

/** Every variable that is read: `.env.example` and docs/environment.md are made of these rows. */
export const VARIABLES: readonly VariableRow[] = [
  {
    name: "APP_ID",
    default: null,
    isRequired: true,
    description: "Number of the GitHub App, from its settings page.",
  },
  {
    name: "PRIVATE_KEY",
    default: null,
    description:
      "Private key of the app, the whole PEM text; line breaks may be written as `\\n`. This or PRIVATE_KEY_PATH is required.",
    isSecret: true,
  },
  {
    name: "PRIVATE_KEY_PATH",
    default: null,
    description: "File that holds the private key; only the server's user should be able to read it.",
    example: "./app.private-key.pem",
  },
  {
    name: "WEBHOOK_SECRET",
    default: null,
    isRequired: true,
    description:
      "Secret of the app's webhook, at least 32 bytes, made with `openssl rand -hex 32`; two, separated by a comma, while one replaces the other.",
    isSecret: true,
  },
  {
    name: "GITHUB_API_URL",
    default: "https://api.github.com",
    description: "Base address of GitHub's REST API; for GitHub Enterprise Server it ends with `/api/v3`.",
  },
  {
    name: "PORT",
    default: "3000",
    description: "Port to listen on; 0 takes any free one.",
  },
  {
    name: "HOST",
    default: "127.0.0.1",
    description: "Address to listen on; `0.0.0.0` in a container or without a proxy in front.",
  },
  {
    name: "DATABASE_URL",
    default: null,
    description:
      "PostgreSQL 15 or newer, such as `postgres://user:password@host:5432/orchestrator`; needed for several replicas. Without it the database is embedded.",
    isSecret: true,
  },
  {
    name: "DATA_DIR",
    default: "./data",
    description: "Directory of the embedded database; it belongs to one process.",
  },
  {
    name: "PROCESS",
    default: "all",
    description:
      "What this process does: `all`, or with PostgreSQL one of two halves: `front-door` receives webhooks, `worker` does the rest.",
  },
  {
    name: "STOP",
    default: null,
    description:
      "Kill switch: `all`, or accounts and repositories such as `acme,octo/shop`, where this process starts, writes and merges nothing.",
    example: "all",
  },
  {
    name: "LOG_LEVEL",
    default: "info",
    description: "`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.",
  },
  {
    name: "METRICS_TOKEN",
    default: null,
    description:
      "Bearer token that `GET /metrics` asks for, at least 16 characters; without it that page does not exist.",
    isSecret: true,
  },
  {
    name: "OPERATOR_TOKEN",
    default: null,
    description:
      "Token that `/operator` asks for, as a bearer or as the password of a browser, at least 16 characters; without it that page does not exist.",
    isSecret: true,
  },
];
