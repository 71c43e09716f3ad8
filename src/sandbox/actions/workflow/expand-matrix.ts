import { ExpressionProblem, evaluateValue, type Scope } from "./expressions.ts";
import type { MatrixStrategy } from "./workflow-model.ts";
import { isMapping } from "./yaml-field.ts";

export type Combination = Readonly<Record<string, unknown>>;

/** GitHub's own limit of jobs in one matrix. */
const MAX_COMBINATIONS = 256;

/** All combinations of a matrix in the order written; one empty combination without a matrix. */
export function expandMatrix(strategy: MatrixStrategy | null, scope: Scope): readonly Combination[] {
  if (strategy === null) return [{}];
  const matrix = evaluateValue(strategy.matrix, scope);
  if (!isMapping(matrix)) throw new ExpressionProblem("The matrix must be a mapping");
  const { include, exclude, ...axes } = matrix;
  const crossed = crossAxes(axes);
  const kept = crossed.filter((one) => !toCombinations(exclude).some((pattern) => matches(one, pattern)));
  const combinations = includeExtras(kept, toCombinations(include), Object.keys(axes));
  if (combinations.length > MAX_COMBINATIONS)
    throw new ExpressionProblem("The matrix has more than 256 jobs");
  return combinations.length === 0 ? [{}] : combinations;
}

/** The part of a job's name that tells its combination: ` (20, linux)`. */
export function describeCombination(combination: Combination): string {
  const values = Object.values(combination).map((value) =>
    typeof value === "object" ? JSON.stringify(value) : String(value),
  );
  return values.length === 0 ? "" : ` (${values.join(", ")})`;
}

function crossAxes(axes: Readonly<Record<string, unknown>>): readonly Combination[] {
  let combinations: readonly Combination[] = [];
  for (const [name, values] of Object.entries(axes)) {
    if (!Array.isArray(values) || values.length === 0) {
      throw new ExpressionProblem(`Matrix vector '${name}' does not contain any values`);
    }
    const bases: readonly Combination[] = combinations.length === 0 ? [{}] : combinations;
    combinations = bases.flatMap((base) => values.map((value: unknown) => ({ ...base, [name]: value })));
    if (combinations.length > MAX_COMBINATIONS)
      throw new ExpressionProblem("The matrix has more than 256 jobs");
  }
  return combinations;
}

function toCombinations(value: unknown): readonly Combination[] {
  return Array.isArray(value) ? value.filter(isMapping) : [];
}

function matches(combination: Combination, pattern: Combination): boolean {
  return Object.entries(pattern).every(
    ([key, value]) => JSON.stringify(combination[key]) === JSON.stringify(value),
  );
}

/** An extra joins every combination whose original values it does not change; else it is one of its own. */
function includeExtras(
  combinations: readonly Combination[],
  extras: readonly Combination[],
  axes: readonly string[],
): readonly Combination[] {
  const joined = [...combinations];
  const added: Combination[] = [];
  for (const extra of extras) {
    const fixed = Object.fromEntries(Object.entries(extra).filter(([key]) => axes.includes(key)));
    const hosts = joined.flatMap((one, index) => (matches(one, fixed) ? [index] : []));
    for (const index of hosts) joined[index] = { ...joined[index], ...extra };
    if (hosts.length === 0) added.push(extra);
  }
  return [...joined, ...added];
}
