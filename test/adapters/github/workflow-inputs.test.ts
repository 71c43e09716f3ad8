import { expect, it } from "vitest";
import { readDispatchInputs } from "../../../src/adapters/github/reading/workflow-inputs.ts";

it.each<[string, string, readonly string[] | null]>([
  ["one trigger", "on: workflow_dispatch", []],
  ["a list", "on: [push, workflow_dispatch]", []],
  ["a map without inputs", "on:\n  workflow_dispatch:\n  push:", []],
  [
    "a map with inputs",
    "on:\n  workflow_dispatch:\n    inputs:\n      a: {}\n      b: { type: string }",
    ["a", "b"],
  ],
  ["a quoted key", '"on": { workflow_dispatch: { inputs: { a: } } }', ["a"]],
  ["another trigger", "on: push", null],
  ["other triggers", "on: [push, pull_request]", null],
  ["no trigger", "jobs: {}", null],
  ["no YAML", "on: [workflow_dispatch", null],
  ["a scalar", "workflow_dispatch", null],
  ["nothing", "", null],
  ["inputs that are no map", "on: { workflow_dispatch: { inputs: [a] } }", []],
  ["a key that objects have by nature", "on: { toString: }", null],
])("reads the inputs of a workflow with %s", (_what, text, inputs) => {
  expect(readDispatchInputs(text)).toEqual(inputs);
});

it("takes a missing or enormous workflow for one that cannot be dispatched", () => {
  expect(readDispatchInputs(null)).toBeNull();
  expect(readDispatchInputs(`on: workflow_dispatch\n#${" ".repeat(300_000)}`)).toBeNull();
});

it("is not slowed down by a document full of aliases", () => {
  const bomb = `a: &a [x,x]\nb: &b [*a,*a]\n${"c: [*b,*b,*b]\n".replace("c", "d")}on: workflow_dispatch`;

  expect(readDispatchInputs(bomb)).toEqual([]);
});
