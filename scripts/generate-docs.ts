import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { GATE_RULES } from "../src/core/gate/evaluate-pull.ts";
import { TRIGGERS } from "../src/core/gate/gate-rule.ts";
import { REASONS } from "../src/core/reasons.ts";
import { VARIABLES, type VariableRow } from "../src/environment-variables.ts";

interface GeneratedFile {
  /** From the root of the project. */
  readonly path: string;
  readonly text: string;
}

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** The files that are derived from tables of the source, as they ought to be. */
export function generateTableFiles(): readonly GeneratedFile[] {
  return [
    { path: "docs/reasons.md", text: renderReasons() },
    { path: "docs/gates.md", text: renderGates() },
    { path: "docs/environment.md", text: renderEnvironment() },
    { path: ".env.example", text: renderExample() },
  ];
}

function renderReasons(): string {
  const rows = Object.entries(REASONS).map(([code, { meaning, liftedBy }]) => [
    `\`${code}\``,
    meaning,
    liftedBy,
  ]);
  return renderPage({
    source: "src/core/reasons.ts",
    title: "Reasons",
    intro: [
      "A task that does not move always says why: a code, a sentence, who lifts it, and when it is looked at next.",
      "`/orchestrate why` shows them; the codes are the same in comments, pages, logs and JSON.",
    ],
    header: ["code", "meaning", "lifted by"],
    rows,
  });
}

function renderGates(): string {
  const rows = GATE_RULES.map(({ name, purpose, key, changedBy, isOverridable }) => [
    `\`${name}\``,
    purpose,
    key.length === 0 ? "" : `\`${key.join(".")}\``,
    changedBy.map((trigger) => TRIGGERS[trigger]).join("; "),
    isOverridable ? "yes" : "no",
  ]);
  return renderPage({
    source: "src/core/gate/rules",
    title: "Gates",
    intro: [
      "Before a pull request can be merged, the gates look at its head commit: those of a task, those of people, and the",
      "commits that a merge queue makes of them. Each gate says **PASS**, **FAIL** (it can be worked on at once; the next",
      "attempt of a task gets the reason as feedback) or **BLOCKED** (a person or time is needed, and named). One FAIL makes",
      "the verdict FAIL; otherwise one BLOCKED makes it BLOCKED. While something that a gate has to see is still under way,",
      "there is no verdict. A new head commit is judged anew.",
      "",
      "What a gate demands is set by its key in the [configuration](configuration.md) of the default branch. It is asked",
      "again whenever something happens that can change its answer. Where it can be set aside, a person who has no part in",
      "the change can do so with a reason, for exactly one commit: `/orchestrate override <gate> -- <reason>`.",
    ],
    header: ["gate", "what it demands", "key", "asked again on", "can be set aside"],
    rows,
  });
}

function renderEnvironment(): string {
  const rows = VARIABLES.map((row) => [
    `\`${row.name}\``,
    renderDefault(row),
    `${row.description}${row.isSecret === true ? " Secret." : ""}`,
  ]);
  return renderPage({
    source: "src/env.ts",
    title: "Environment",
    intro: [
      "The server reads its settings from these variables when it starts. If anything is missing, malformed or weak, it",
      "names every problem at once and does not start. An empty value counts as not set. `WEBHOOK_PROXY_URL` and",
      "`REDIS_URL`, which Probot knows, are refused. `.env.example` is a file to start from.",
    ],
    header: ["variable", "default", "meaning"],
    rows,
  });
}

function renderDefault({ default: value, isRequired }: VariableRow): string {
  if (isRequired === true) return "required";
  return value === null ? "" : `\`${value}\``;
}

function renderPage(page: {
  readonly source: string;
  readonly title: string;
  readonly intro: readonly string[];
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}): string {
  const lines = [
    `<!-- Generated from ${page.source} by scripts/generate-docs.ts. Change that, not this page. -->`,
    "",
    `# ${page.title}`,
    "",
    ...page.intro,
    "",
    renderRow(page.header),
    `|${"---|".repeat(page.header.length)}`,
    ...page.rows.map(renderRow),
  ];
  return `${lines.join("\n")}\n`;
}

function renderRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function renderExample(): string {
  const intro = [
    "# Settings of the server: copy this file to .env, which is never committed, and fill it in.",
    "# Generated from src/env.ts by scripts/generate-docs.ts.",
  ];
  return `${[intro.join("\n"), ...VARIABLES.map(renderVariable)].join("\n\n")}\n`;
}

/** What has no default stands ready to be filled in; the rest shows what holds without it. */
function renderVariable({ name, default: value, description, example, isRequired }: VariableRow): string {
  const assignment = `${name}=${value ?? example ?? ""}`;
  return `# ${description.replaceAll("`", "")}\n${isRequired === true ? "" : "#"}${assignment}`;
}

/** Every other generator is a script of its own. */
function runOtherGenerators(): void {
  const scripts = readdirSync(`${ROOT}scripts`).filter((name) => /^generate-.+-docs\.ts$/.test(name));
  for (const script of scripts) {
    execFileSync(process.execPath, [`${ROOT}scripts/${script}`], { stdio: "inherit" });
  }
}

if (import.meta.main) {
  runOtherGenerators();
  for (const { path, text } of generateTableFiles()) writeFileSync(ROOT + path, text);
}
