/** What the default branch asks for, as the model knows it: never read with the product's own reader. */
export interface Rules {
  readonly mode: "active" | "shadow";
  readonly autonomy: "observe" | "suggest" | "draft-pr" | "merge-with-approval" | "merge";
  readonly approvals: number;
  readonly required: readonly string[];
  readonly files: number;
  readonly lines: number;
  readonly allow: readonly string[];
  /** Null for the product's default. */
  readonly protect: readonly string[] | null;
  readonly assertions: boolean;
  readonly attempts: number;
  /** People's own pull requests. */
  readonly verify: boolean;
  readonly peopleApprovals: number;
  readonly branches: readonly string[];
  readonly linkedIssue: boolean;
  readonly owners: boolean;
  /** Every day from `at` (UTC, such as 14:30) on, for so many minutes, nothing is merged. */
  readonly freezes: readonly Freeze[];
}

export interface Freeze {
  readonly at: string;
  readonly minutes: number;
}

export const DEFAULT_RULES: Rules = {
  mode: "active",
  autonomy: "merge-with-approval",
  approvals: 1,
  required: [],
  files: 100,
  lines: 2000,
  allow: [],
  protect: null,
  assertions: true,
  attempts: 15,
  verify: true,
  peopleApprovals: 0,
  branches: [],
  linkedIssue: false,
  owners: false,
  freezes: [],
};

/** Protected where nobody says otherwise, as the product's documentation promises. */
export const DEFAULT_PROTECTION: readonly string[] = [
  ".github/**",
  "CODEOWNERS",
  "**/CODEOWNERS",
  ".mcp.json",
  "CLAUDE.md",
  "AGENTS.md",
  "**/package-lock.json",
  "**/yarn.lock",
  "**/pnpm-lock.yaml",
];

const list = (items: readonly string[]) => JSON.stringify(items);

/** Writes the rules as the configuration file that says them. */
export function writeConfig(rules: Rules): string {
  const protect = rules.protect === null ? "" : `, protect: ${list(rules.protect)}`;
  return [
    "version: 1",
    `mode: ${rules.mode}`,
    `autonomy: ${rules.autonomy}`,
    `roles: { bugfix: { attempts: ${rules.attempts} } }`,
    "kinds: { bugfix: { match: { labels: [bug] } } }",
    "gates:",
    `  checks: { required: ${list(rules.required)} }`,
    `  paths: { allow: ${list(rules.allow)}${protect} }`,
    `  size: { files: ${rules.files}, lines: ${rules.lines} }`,
    `  assertions: ${rules.assertions}`,
    `  approvals: ${rules.approvals}`,
    `  owners: ${rules.owners}`,
    `  people: { verify: ${rules.verify}, approvals: ${rules.peopleApprovals}, branches: ${list(rules.branches)}, linkedIssue: ${rules.linkedIssue} }`,
    `windows: [${rules.freezes.map(writeFreeze).join(", ")}]`,
    "",
  ].join("\n");
}

function writeFreeze({ at, minutes }: Freeze): string {
  const [hour, minute] = at.split(":").map(Number);
  return `{ name: "freeze at ${at}", starts: "${minute} ${hour} * * *", lasts: ${minutes}m }`;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Whether merges are stopped at a moment. */
export function isFrozen(freezes: readonly Freeze[], now: number): boolean {
  return freezes.some(({ at, minutes }) => {
    const [hour = 0, minute = 0] = at.split(":").map(Number);
    const since = (now - (hour * 60 + minute) * MINUTE_MS) % DAY_MS;
    return since < minutes * MINUTE_MS;
  });
}

/** Whether a path is named by one of some simple patterns; case hides nothing. */
export function isNamed(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/gu, "\\$&")
      .replaceAll("**/", "\u0001")
      .replaceAll("**", "\u0002")
      .replaceAll("*", "[^/]*")
      .replaceAll("\u0001", "(?:.*/)?")
      .replaceAll("\u0002", ".*");
    return new RegExp(`^${source}$`, "iu").test(path);
  });
}
