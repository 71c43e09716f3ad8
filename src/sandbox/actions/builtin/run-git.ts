import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execFileAsync = promisify(execFile);

/** Runs git with no configuration but the repository's own and answers its output; throws with what git said. */
export async function runGit(
  directory: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  const env = {
    PATH: process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin",
    HOME: directory,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
  };
  const safe = [
    "-c",
    "safe.directory=*",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "advice.detachedHead=false",
  ];
  try {
    const options = { cwd: directory, env, maxBuffer: 64 * 1024 * 1024, ...(signal ? { signal } : {}) };
    const { stdout } = await execFileAsync("git", [...safe, ...args], options);
    return stdout;
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
    throw new Error(`git ${args[0] ?? ""} failed: ${said.trim() || String(error)}`, { cause: error });
  }
}
