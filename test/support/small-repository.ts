import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A configuration that uses everything a story needs: a pipeline with figures, a coding role, a required check. */
export const SMALL_CONFIG = `version: 1
mode: active
autonomy: merge
limits: { running: 4 }
roles:
  bugfix: { team: qa, workflow: agent.yml, branch: fix/, attempts: 5 }
  data-engineer: { team: dev, attempts: 3 }
kinds:
  data:
    match: { labels: [data] }
    role: data-engineer
    stages:
      - { name: generate, workflow: generate.yml, inputs: { days: [30, 365] } }
      - { name: verify, workflow: verify.yml, accept: [{ metric: r2, min: 0.65 }] }
  bugfix:
    match: { labels: [bug] }
    role: bugfix
gates:
  checks: { required: [test] }
roadmap: .github/roadmap.yml
roadmapIssues: { open: 0 }
roadmapUpdates: { pullRequest: false }
`;

/** The small configuration with one thing written differently. */
export function configWith(written: string, instead: string): string {
  if (!SMALL_CONFIG.includes(written)) throw new Error(`the configuration does not say "${written}"`);
  return SMALL_CONFIG.replace(written, instead);
}

export const SMALL_ROADMAP = `version: 1
tasks:
  - { id: R-1, title: Gather the data, kind: data, revenue: true }
  - { id: R-2, title: Use the data, kind: data, dependsOn: [R-1] }
`;

/** What a worker does in one attempt: these fields of its result, or something that a worker should not do. */
export interface Answer {
  readonly outcome?: "completed" | "failed" | "blocked";
  readonly summary?: string;
  readonly metrics?: readonly { readonly name: string; readonly value: number }[];
  /** New texts by path; null deletes a file. */
  readonly changes?: Readonly<Record<string, string | null>>;
  readonly usage?: Readonly<Record<string, number>>;
  readonly learnings?: readonly object[];
  readonly signal?: "already-done";
  readonly evidence?: readonly string[];
  readonly missing?: readonly { readonly what: string; readonly name: string }[];
  readonly failure?: "rate_limit";
  /** Fields that replace what is true. */
  readonly lies?: Readonly<Record<string, unknown>>;
  /** How the worker's process ends; 0 unless told. */
  readonly exitCode?: number;
  /** Ends without a result. */
  readonly isSilent?: boolean;
  /** Works this long, ms. */
  readonly worksMs?: number;
}

/** Answers by workflow, one per attempt; the last one repeats. */
export type Answers = Readonly<Record<string, readonly Answer[]>>;

/** The text of an issue whose workers answer like this. */
export function writeAnswers(answers: Answers): string {
  return `\n\n\`\`\`json\n${JSON.stringify(answers)}\n\`\`\`\n`;
}

/** Answers as its issue says, so that a story scripts its workers by what it writes into the issue. */
const WORKER = `import { mkdirSync, writeFileSync } from "node:fs";
const { STAGE, TASK, ATTEMPT, CORRELATION, BASE_SHA, BRIEF } = process.env;
const brief = JSON.parse(Buffer.from(BRIEF, "base64url").toString());
const script = JSON.parse(/\`\`\`json\\n([^]*?)\\n\`\`\`/.exec(brief.body)?.[1] ?? "{}");
const answers = script[STAGE] ?? [{}];
const answer = answers[Math.min(Number(ATTEMPT), answers.length) - 1];
const { changes = {}, lies = {}, exitCode = 0, isSilent, worksMs, ...said } = answer;
if (worksMs) await new Promise((resolve) => setTimeout(resolve, worksMs));
const result = {
  schema: "orchestrator-result/1",
  task: TASK, attempt: Number(ATTEMPT), correlation: CORRELATION, baseSha: BASE_SHA,
  outcome: "completed", summary: "The worker is done.",
  changes: Object.entries(changes).map(([path, text]) => ({
    path, mode: "100644", contentBase64: text === null ? null : Buffer.from(text).toString("base64"),
  })),
  ...said, ...lies,
};
mkdirSync("orchestrator-result");
writeFileSync("orchestrator-result/result.json", JSON.stringify(result));
process.exit(isSilent ? 3 : exitCode);
`;

function workflow(name: string, inputs: readonly string[] = []): string {
  const declared = ["task", "attempt", "correlation", "base_sha", "from_run", "brief", ...inputs]
    .map((input) => `      ${input}: { type: string, default: "" }\n`)
    .join("");
  return `name: ${name}
run-name: ${name} \${{ inputs.correlation }}
on:
  workflow_dispatch:
    inputs:
${declared}permissions: { contents: read }
jobs:
  work:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - id: worker
        env:
          STAGE: ${name}
          TASK: \${{ inputs.task }}
          ATTEMPT: \${{ inputs.attempt }}
          CORRELATION: \${{ inputs.correlation }}
          BASE_SHA: \${{ inputs.base_sha }}
          BRIEF: \${{ inputs.brief }}
        run: |
          code=0
          node tools/worker.mjs || code=$?
          echo "code=$code" >> "$GITHUB_OUTPUT"
      - if: \${{ steps.worker.outputs.code != '3' }}
        uses: actions/upload-artifact@v4
        with: { name: orchestrator-result, path: orchestrator-result }
      - if: \${{ steps.worker.outputs.code != '0' && steps.worker.outputs.code != '3' }}
        run: exit 1
`;
}

/** A change with this file in it fails the check \`test\`. */
export const BREAKING_PATH = "src/broken.mjs";

const CI = `name: ci
on: [pull_request]
permissions: { contents: read }
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: test ! -e ${BREAKING_PATH}
`;

/** Files by path; null leaves one out. */
export type RepositoryFiles = Readonly<Record<string, string | null>>;

export const SMALL_REPOSITORY: Readonly<Record<string, string>> = {
  "README.md": "# A small shop\n",
  "src/price.mjs": "export const price = 1;\n",
  "tools/worker.mjs": WORKER,
  ".github/orchestrator.yml": SMALL_CONFIG,
  ".github/roadmap.yml": SMALL_ROADMAP,
  ".github/workflows/agent.yml": workflow("agent"),
  ".github/workflows/generate.yml": workflow("generate", ["days"]),
  ".github/workflows/verify.yml": workflow("verify"),
  ".github/workflows/ci.yml": CI,
};

/** Writes the small repository into a folder, with files of the story's own. */
export function writeSmallRepository(dir: string, files: RepositoryFiles = {}): void {
  for (const [path, text] of Object.entries({ ...SMALL_REPOSITORY, ...files })) {
    if (text === null) continue;
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
}
