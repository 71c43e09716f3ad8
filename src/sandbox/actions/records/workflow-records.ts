import { listFiles, readFileAt, resolveRef } from "../../git/git.ts";
import type { Repo, Workflow } from "../../world/records.ts";
import type { World } from "../../world/world.ts";
import { type ReadWorkflow, readWorkflow } from "../workflow/read-workflow.ts";

const WORKFLOW_PATH = /^\.github\/workflows\/[^/]+\.ya?ml$/;

export function listWorkflowPaths(repo: Repo, sha: string): readonly string[] {
  return listFiles(repo.gitDir, sha, ".github/workflows").filter((path) => WORKFLOW_PATH.test(path));
}

/** The text of a workflow file in a commit, null when there is none. */
export function readWorkflowText(repo: Repo, sha: string, path: string): string | null {
  const bytes = readFileAt(repo.gitDir, sha, path);
  return bytes === undefined ? null : new TextDecoder().decode(bytes);
}

/** The record of a workflow file; made when the file is seen for the first time. */
export function recordWorkflow(
  world: World,
  repo: Repo,
  seen: { path: string; read: ReadWorkflow },
): Workflow {
  const name = (seen.read.kind === "valid" ? seen.read.workflow.name : null) ?? seen.path;
  const known = repo.workflows.get(seen.path);
  if (known !== undefined) {
    known.name = name;
    return known;
  }
  const workflow: Workflow = {
    id: world.nextId(),
    path: seen.path,
    name,
    state: "active",
    createdAt: world.now(),
  };
  repo.workflows.set(workflow.path, workflow);
  return workflow;
}

/** The workflows of the default branch, and those that left it but have runs. */
export function listWorkflows(world: World, repo: Repo): readonly Workflow[] {
  const sha = resolveRef(repo.gitDir, `refs/heads/${repo.defaultBranch}`);
  const paths = sha === undefined ? [] : listWorkflowPaths(repo, sha);
  for (const path of paths) {
    const text = sha === undefined ? null : readWorkflowText(repo, sha, path);
    if (text !== null) recordWorkflow(world, repo, { path, read: readWorkflow(text) });
  }
  const withRuns = new Set([...repo.runs.values()].map((run) => run.workflowId));
  return [...repo.workflows.values()].filter(({ path, id }) => paths.includes(path) || withRuns.has(id));
}

/** Finds a workflow by id or by the name of its file. */
export function findWorkflow(world: World, repo: Repo, idOrFile: string): Workflow | undefined {
  return listWorkflows(world, repo).find(
    (workflow) => String(workflow.id) === idOrFile || workflow.path === `.github/workflows/${idOrFile}`,
  );
}
