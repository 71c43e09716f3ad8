/** Something a person has to correct in a file, and where. */
export interface Problem {
  /** Where in the document, such as `kinds.data.stages[0].workflow`; empty for the document itself. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** What was probably meant. */
  readonly hint?: string;
}

export type Path = readonly (string | number)[];

const MAX_LISTED = 100;

export function renderProblem(problem: Problem): string {
  const hint = problem.hint === undefined ? "" : ` (did you mean "${problem.hint}"?)`;
  return `${problem.line}:${problem.column}: ${problem.message}${hint}`;
}

/** The problems in the order of the file; a hostile file cannot make the list endless. */
export function listProblems(problems: readonly Problem[]): readonly Problem[] {
  const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const last = sorted[MAX_LISTED - 1];
  if (last === undefined || sorted.length === MAX_LISTED) return sorted;
  const unlisted = sorted.length - MAX_LISTED + 1;
  const { line, column } = last;
  return [
    ...sorted.slice(0, MAX_LISTED - 1),
    { path: "", line, column, message: `${unlisted} more problems are not listed` },
  ];
}

export function renderPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? clip(part) : `${text}.${clip(part)}`;
  }, "");
}

/** Text from a file, short enough to be repeated in a sentence. */
export function clip(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
