import { describe, expect, it } from "vitest";
import { readWorkflow } from "../../../src/sandbox/actions/workflow/read-workflow.ts";

function problemsOf(text: string): readonly string[] {
  const read = readWorkflow(text);
  return read.kind === "invalid" ? read.problems : [];
}

const STEPS = "runs-on: x\n    steps: [{ run: true }]";

describe("reading a workflow file", () => {
  it("accepts `on` as one event, a list and a mapping", () => {
    for (const on of [
      "push",
      "[push, issues]",
      "{ push: { branches: [main] }, schedule: [{ cron: '0 0 * * *' }] }",
    ]) {
      expect(problemsOf(`on: ${on}\njobs:\n  a:\n    ${STEPS}`)).toEqual([]);
    }
  });

  it("names every problem with its line and column at once", () => {
    const text = [
      "on: { pusch: {} }",
      "colour: red",
      "jobs:",
      "  a:",
      "    runs-on: x",
      "    container: node",
      "    needs: b",
      "    steps:",
      `      - run: echo \${{ gith.sha }}`,
      "        uses: actions/checkout@v4",
      "        if: success() &&",
      "      - run: x",
      "        shell: pwsh",
    ].join("\n");

    expect(problemsOf(text)).toMatchInlineSnapshot(`
      [
        "(Line: 2, Col: 9): Unexpected value 'colour'",
        "(Line: 9, Col: 14): Unrecognized named-value: 'gith'",
        "(Line: 1, Col: 14): Unexpected value 'pusch'",
        "(Line: 6, Col: 16): The sandbox does not support 'container' in a job",
        "(Line: 11, Col: 13): Unexpected end of expression: '&&'",
        "(Line: 9, Col: 9): A step needs either 'run' or 'uses'",
        "(Line: 9, Col: 14): Unexpected value 'run'",
        "(Line: 13, Col: 16): The shell 'pwsh' is not supported; use bash",
        "(Line: 5, Col: 5): Job 'a' depends on unknown job 'b'.",
      ]
    `);
  });

  it("refuses jobs that need each other in a circle", () => {
    const text = `on: push\njobs:\n  a:\n    needs: b\n    ${STEPS}\n  b:\n    needs: a\n    ${STEPS}`;

    expect(problemsOf(text)).toEqual(["(Line: 3, Col: 3): The jobs 'a', 'b' need each other in a circle"]);
  });

  it("survives text that is no workflow at all", () => {
    for (const text of ["", "null", "42", "[1, 2]", "a: [", "a: &a [*a]", "jobs: {}\non: {}", "\u0000"]) {
      expect(problemsOf(text)).not.toEqual([]);
    }
  });

  it("survives a bomb of aliases", () => {
    const lines = ["a: &a0 [x,x,x,x,x,x,x,x,x]"];
    for (let depth = 1; depth < 9; depth++) {
      lines.push(
        `b${depth}: &a${depth} [${Array(9)
          .fill(`*a${depth - 1}`)
          .join(",")}]`,
      );
    }

    expect(problemsOf(lines.join("\n"))).toHaveLength(1);
  });
});
