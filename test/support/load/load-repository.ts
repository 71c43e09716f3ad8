import { BREAKING_PATH, SMALL_REPOSITORY } from "../small-repository.ts";

/** What a repository under load allows at once. */
export const LIMITS = { running: 5, perTeam: { qa: 2, dev: 4 } } as const;

/** A path under which three issues of each repository work, so that they have to take turns. */
export const SHARED_PATH = "src/shared.mjs";
/** A file that two issues change without having said so. */
export const HOT_PATH = "src/hot.mjs";
export const PROTECTED_PATH = ".github/workflows/ci.yml";
export { BREAKING_PATH };

/** Team and prefix of branches by the label that an issue has. */
export const TEAM_OF = {
  bug: { team: "qa", prefix: "fix/" },
  slow: { team: "qa", prefix: "slow/" },
  feature: { team: "dev", prefix: "feature/" },
  reviewed: { team: "dev", prefix: "reviewed/" },
  data: { team: "dev", prefix: "feature/" },
  "data-long": { team: "dev", prefix: "feature/" },
} as const;

export type LoadLabel = keyof typeof TEAM_OF;

const CONFIG = `version: 1
mode: active
autonomy: merge
limits: { running: ${LIMITS.running}, perTeam: { qa: ${LIMITS.perTeam.qa}, dev: ${LIMITS.perTeam.dev} }, openPulls: 8 }
roles:
  bugfix: { team: qa, workflow: agent.yml, branch: ${TEAM_OF.bug.prefix}, attempts: 4 }
  waiter: { team: qa, workflow: slow.yml, branch: ${TEAM_OF.slow.prefix}, attempts: 4, timeout: 20s }
  feature-builder: { team: dev, workflow: agent.yml, branch: ${TEAM_OF.feature.prefix}, attempts: 4 }
  careful-builder:
    { team: dev, workflow: agent.yml, branch: ${TEAM_OF.reviewed.prefix}, attempts: 4, autonomy: merge-with-approval }
  data-engineer: { team: dev, attempts: 3 }
kinds:
  bugfix: { match: { labels: [bug] }, role: bugfix }
  waiting: { match: { labels: [slow] }, role: waiter }
  feature: { match: { labels: [feature] }, role: feature-builder }
  careful: { match: { labels: [reviewed] }, role: careful-builder }
  data:
    match: { labels: [data] }
    role: data-engineer
    stages:
      - { name: generate, workflow: generate.yml, inputs: { days: [30, 365] } }
      - { name: verify, workflow: verify.yml, accept: [{ metric: r2, min: 0.65 }] }
  data-long:
    match: { labels: [data-long] }
    role: data-engineer
    stages:
      - { name: generate, workflow: generate.yml, inputs: { days: [30, 365] } }
      - { name: train, workflow: train.yml, inputs: { days: [30, 365] } }
      - { name: verify, workflow: verify.yml, accept: [{ metric: r2, min: 0.65 }] }
gates:
  checks: { required: [test] }
breaker: { failures: 3, pause: 5s }
roadmapUpdates: { pullRequest: false }
`;

/** The small repository with two teams, a reviewed role and one whose runs may not take long. */
export const LOAD_REPOSITORY: Readonly<Record<string, string | null>> = {
  ".github/orchestrator.yml": CONFIG,
  ".github/roadmap.yml": null,
  ".github/workflows/slow.yml": renameWorkflow("agent", "slow"),
  ".github/workflows/train.yml": renameWorkflow("generate", "train"),
};

function renameWorkflow(from: string, to: string): string {
  const text = SMALL_REPOSITORY[`.github/workflows/${from}.yml`];
  if (text === undefined) throw new Error(`there is no workflow ${from}`);
  return text.replaceAll(from, to);
}
