import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { JsonSchema } from "../src/core/config/schema-json.ts";
import { organisationSchemaJson } from "../src/core/organisation/schema-json.ts";
import { ORGANISATION_PATH, ORGANISATION_REPOSITORY } from "../src/core/organisation/view-organisation.ts";
import { type GeneratedFile, renderKeys } from "./generate-config-docs.ts";

export const ORGANISATION_EXAMPLE_PATH = "fixtures/organisations/good/complete.yml";

/** The files that are derived from the schema of an owner's file, as they ought to be. */
export function generateOrganisationFiles(example: string): readonly GeneratedFile[] {
  const schema = organisationSchemaJson();
  return [
    {
      path: "schema/orchestrator-organisation.schema.json",
      text: `${JSON.stringify(schema, undefined, 2)}\n`,
    },
    { path: "docs/organisation.md", text: renderPage(schema, example) },
  ];
}

const INTRO: readonly string[] = [
  "<!-- Generated from the schema by scripts/generate-organisation-docs.ts. Change that, not this page. -->",
  "",
  "# Organisation",
  "",
  "One file of an organisation, or of any other owner, is the floor of strictness for all of its repositories: a repository",
  "may be stricter in its own configuration, never looser. Whoever may merge into that one repository decides for all.",
  "",
  "## The file",
  "",
  `It is \`${ORGANISATION_PATH}\` on the default branch of the owner's repository \`${ORGANISATION_REPOSITORY}\`. The app has to be`,
  "installed there too, or the repository has to be public; a file that the app cannot see does not count. It is read by the",
  "same strict rules as the [configuration](configuration.md), with every problem at its line and column:",
  "`npm run orchestrator -- validate FILE` tries it before it is merged, and the check `orchestrator / organisation` tells",
  "what became of it afterwards.",
  "",
  "- **Read** with each repository's own files: when its default branch moves, and every five minutes. A push to the file is",
  "  passed on to all repositories of the owner at once, where the app is installed on it.",
  "- **In force** for everything from then on, also for what is under way: verdicts are asked again, and every dispatch,",
  "  publication and merge is held against it at the moment it is done.",
  "- **No such repository or file**, or not visible: no floor. **Any other failure** to read it is trouble, which waits and is",
  "  tried again; nothing is looser because of an outage.",
  "- **Broken**: the last valid version stays in force. **Never valid**: every task waits (`organisation.invalid`), and nothing",
  "  is published or merged.",
  "- **Shown** by `/orchestrate explain-config` and the check `orchestrator / config` of each repository: every value that is",
  "  not the repository's own, with the line that decides it.",
  "",
  "A repository that moves to another owner keeps the old owner's floor until the new one's is read, which the move itself sets off.",
  "",
  "## How values meet",
  "",
  "| value | what counts |",
  "|---|---|",
  "| `mode`, `autonomy`, `limits`, `size` | the lower one |",
  "| `approvals` | the higher one; and since approvals are read there only, the autonomy is `merge-with-approval` at most |",
  "| `assertions`, `owners`, `people`, `integrity` | demanded if either demands it |",
  "| `ceilings`, `windows`, `protect`, `evaluation`, `artifacts` | both lists; windows of the file are called `organisation: <name>` |",
  "| `repositories` | every entry whose name matches, and the rest of the file too |",
  "",
  "## Governed repositories",
  "",
  "A repository is governed when `governed` here names it, or when its own configuration says `governed: true`. Then",
  "",
  "- an issue is handed over by somebody with **maintain**, not write;",
  "- each task waits (`approval.dispatch`) until a maintainer who did not ask for it comments `/orchestrate allow`. That counts",
  "  for all attempts of the task. It is void when somebody changes the text before the first of them, when a retry brings",
  "  another text, and when the task has ended. Whoever brought a text does not let it start, and nobody does while the issue",
  "  says something else than what was handed over. A repository that becomes governed stops its tasks before their next dispatch;",
  "- the autonomy is `merge-with-approval` at most, so that a person approves exactly the commit that is merged. What is pushed",
  "  after that needs an approval of its own;",
  "- whoever stopped or paused it is not the one who resumes. Where there is only one maintainer, the operator lifts a stop with",
  "  `orchestrator resume`;",
  "- its titles, texts, logins, branches and reasons are in its own comments, checks and issues only: not in the log, on the",
  "  operator's pages, in metrics, in lists of the command line, or in comments of other repositories. They are in the database,",
  "  as everything that the app works with.",
  "",
  "What a workflow of the repository sends elsewhere is that workflow's business.",
  "",
];

function renderPage(schema: JsonSchema, example: string): string {
  const lines = [
    ...INTRO,
    "## Keys",
    "",
    ...renderKeys(withoutRepetition(schema)),
    "## Complete example",
    "",
    "```yaml",
    example.trimEnd(),
    "```",
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

/** The keys of single repositories are those of the file, which a page need not say twice. */
function withoutRepetition(schema: JsonSchema): JsonSchema {
  const properties = Object.entries(schema.properties ?? {}).map(([key, value]) => [
    key,
    key === "repositories" ? { ...value, additionalProperties: { type: "object" } } : value,
  ]);
  return { ...schema, properties: Object.fromEntries(properties) };
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("../", import.meta.url));
  const example = readFileSync(root + ORGANISATION_EXAMPLE_PATH, "utf8");
  for (const { path, text } of generateOrganisationFiles(example)) writeFileSync(root + path, text);
}
