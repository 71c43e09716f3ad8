import { findConditionProblem } from "./expressions.ts";
import { type Field, readText } from "./yaml-field.ts";

/** Reads an `if`, which is an expression with or without `${{ }}`; empty when absent. */
export function readCondition(field: Field): string {
  const condition = readText(field) ?? "";
  const problem = condition.includes("${{") ? null : findConditionProblem(condition);
  if (problem !== null) field.refuse(problem);
  return condition;
}
