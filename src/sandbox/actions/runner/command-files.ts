import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The files through which a step talks to its job, by the variable that names them. */
export type CommandFiles = Readonly<
  Record<"GITHUB_ENV" | "GITHUB_OUTPUT" | "GITHUB_PATH" | "GITHUB_STEP_SUMMARY" | "GITHUB_STATE", string>
>;

export interface FileCommands {
  readonly env: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  readonly summary: string;
}

/** A step must not change how later steps are started. */
const PROTECTED_VARIABLES = /^(?:GITHUB_|RUNNER_|NODE_OPTIONS$)/i;

/** Makes fresh empty files for one step. */
export async function createCommandFiles(directory: string, stepNumber: number): Promise<CommandFiles> {
  const pathOf = (name: string): string => join(directory, `${name}_${stepNumber}`);
  const files: CommandFiles = {
    GITHUB_ENV: pathOf("set_env"),
    GITHUB_OUTPUT: pathOf("set_output"),
    GITHUB_PATH: pathOf("add_path"),
    GITHUB_STEP_SUMMARY: pathOf("step_summary"),
    GITHUB_STATE: pathOf("save_state"),
  };
  await Promise.all(Object.values(files).map((path) => writeFile(path, "")));
  return files;
}

/** Reads what the step wrote; a malformed file throws with the reason. */
export async function readCommandFiles(files: CommandFiles): Promise<FileCommands> {
  const env = parsePairs(await readFile(files.GITHUB_ENV, "utf8"));
  const refused = Object.keys(env).find((name) => PROTECTED_VARIABLES.test(name));
  if (refused !== undefined)
    throw new Error(`Can't store ${refused} output parameter using '$GITHUB_ENV' command.`);
  return {
    env,
    outputs: parsePairs(await readFile(files.GITHUB_OUTPUT, "utf8")),
    paths: (await readFile(files.GITHUB_PATH, "utf8")).split(/\r?\n/).filter((line) => line !== ""),
    summary: await readFile(files.GITHUB_STEP_SUMMARY, "utf8"),
  };
}

/** Parses `name=value` and `name<<DELIMITER` blocks. */
export function parsePairs(text: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  while (lines.length > 0) {
    const line = lines.shift() ?? "";
    if (line === "") continue;
    const equals = line.indexOf("=");
    const heredoc = line.indexOf("<<");
    if (heredoc >= 0 && (equals < 0 || heredoc < equals)) {
      pairs[line.slice(0, heredoc)] = takeBlock(lines, line.slice(heredoc + 2));
    } else if (equals > 0) {
      pairs[line.slice(0, equals)] = line.slice(equals + 1);
    } else {
      throw new Error(`Invalid format '${line}'`);
    }
  }
  return pairs;
}

function takeBlock(lines: string[], delimiter: string): string {
  const end = lines.indexOf(delimiter);
  if (delimiter === "" || end < 0) throw new Error(`Matching delimiter not found '${delimiter}'`);
  const block = lines.splice(0, end + 1);
  return block.slice(0, -1).join("\n");
}
