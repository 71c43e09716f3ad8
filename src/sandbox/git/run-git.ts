import { spawnSync } from "node:child_process";

export interface GitCommand {
  readonly gitDir: string;
  readonly args: readonly string[];
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

export interface GitOutcome {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** Git sees nothing of the caller's environment or configuration, so a sandbox behaves alike on every machine. */
function gitEnvironment(more: Readonly<Record<string, string>>): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "",
    LC_ALL: "C",
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_LITERAL_PATHSPECS: "1",
    ...more,
  };
}

/** Runs git without a shell and reports how it ended; synchronous, so that no other request slips between check and change. */
export function tryGit(command: GitCommand): GitOutcome {
  const result = spawnSync("git", [`--git-dir=${command.gitDir}`, ...command.args], {
    env: gitEnvironment(command.env ?? {}),
    input: command.input ?? "",
    maxBuffer: MAX_OUTPUT_BYTES,
    windowsHide: true,
  });
  if (result.error !== undefined) {
    throw new Error(`git ${command.args[0] ?? ""} could not run in ${command.gitDir}`, {
      cause: result.error,
    });
  }
  return { exitCode: result.status ?? -1, stdout: result.stdout, stderr: result.stderr.toString("utf8") };
}

/** Runs git and returns what it printed; any exit code but 0 is thrown. */
export function runGit(command: GitCommand): Buffer {
  const outcome = tryGit(command);
  if (outcome.exitCode !== 0) {
    const what = `git ${command.args.join(" ")} in ${command.gitDir}`;
    throw new Error(`${what} ended with ${outcome.exitCode}: ${outcome.stderr.trim()}`);
  }
  return outcome.stdout;
}

/** Like `runGit`, as trimmed text. */
export function readGit(command: GitCommand): string {
  return runGit(command).toString("utf8").trim();
}
