import { mkdir } from "node:fs/promises";
import { resolve, sep } from "node:path";
import type { ActionCall } from "./action-call.ts";
import { runGit } from "./run-git.ts";

interface Target {
  readonly sha: string;
  /** The local branch to be on; null leaves the head detached. */
  readonly branch: string | null;
}

/** Copies a commit of the run's own repository into the workspace. Credentials are never written. */
export async function checkout(call: ActionCall): Promise<Readonly<Record<string, string>>> {
  const { inputs, runtime, signal } = call;
  const { github, host, directories } = runtime;
  const repository = inputs.repository ?? "";
  if (repository !== "" && repository.toLowerCase() !== String(github.repository).toLowerCase()) {
    throw new Error(`The sandbox can check out only the run's own repository, not '${repository}'.`);
  }
  const target = await findTarget(call);
  const directory = resolve(directories.workspace, inputs.path ?? ".");
  if (directory !== directories.workspace && !directory.startsWith(directories.workspace + sep)) {
    throw new Error(`Repository path '${directory}' is not under '${directories.workspace}'`);
  }
  await mkdir(directory, { recursive: true });
  const git = (...args: string[]): Promise<string> => runGit(directory, args, signal);
  await git("init", "--quiet", "--initial-branch", target.branch ?? "detached");
  await git(
    "fetch",
    "--quiet",
    "--no-tags",
    ...fetchArguments(inputs["fetch-depth"]),
    host.gitDir,
    ...wantedRefs(inputs, target),
  );
  const head = target.branch === null ? ["--detach", target.sha] : ["-B", target.branch, target.sha];
  await git("checkout", "--quiet", "--force", ...head);
  await git("clean", "-ffdxq");
  const origin = `${String(github.server_url)}/${String(github.repository)}`;
  await git("remote", "add", "origin", origin).catch(() => git("remote", "set-url", "origin", origin));
  runtime.log.write(`Checked out ${target.branch ?? "detached head"} at ${target.sha}`);
  return { ref: inputs.ref ?? String(github.ref), commit: target.sha };
}

async function findTarget({ inputs, runtime, signal }: ActionCall): Promise<Target> {
  const { github, host } = runtime;
  const ref = inputs.ref ?? "";
  if (ref === "") {
    const isBranch = String(github.ref).startsWith("refs/heads/");
    return { sha: String(github.sha), branch: isBranch ? String(github.ref_name) : null };
  }
  for (const candidate of [ref, `refs/heads/${ref}`, `refs/tags/${ref}`]) {
    // A short name is never looked up as it is: `main` must not find some other ref of that name.
    if (!candidate.startsWith("refs/") && !/^[0-9a-f]{40}$/.test(candidate)) continue;
    const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${candidate}^{commit}`];
    const sha = await runGit(host.gitDir, args, signal).catch(() => "");
    const branch = candidate.startsWith("refs/heads/") ? candidate.slice("refs/heads/".length) : null;
    if (sha !== "") return { sha: sha.trim(), branch };
  }
  throw new Error(`A branch or tag with the name '${ref}' could not be found`);
}

function fetchArguments(depth: string | undefined): readonly string[] {
  const commits = Number(depth ?? "1");
  return commits > 0 ? [`--depth=${commits}`] : [];
}

function wantedRefs(inputs: ActionCall["inputs"], target: Target): readonly string[] {
  if (inputs["fetch-depth"] !== "0") return [target.sha];
  return [target.sha, "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"];
}
