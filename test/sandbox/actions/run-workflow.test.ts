import { existsSync, readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { runText } from "./run-text.ts";

/** A workflow of one job with these steps. */
function oneJob(steps: string, more = ""): string {
  return `on: push\njobs:\n  a:\n    runs-on: x\n${more}    steps:\n${steps.replaceAll(/^/gm, "      ")}`;
}

describe("steps", () => {
  it("see a clean environment with this Node and nothing of the parent's", async () => {
    process.env.SANDBOX_TEST_CANARY = "leaked";

    const ran = await runText(oneJob('- run: node -e "console.log(process.execPath)"\n- run: env'));

    delete process.env.SANDBOX_TEST_CANARY;
    expect(ran.log("a")).toContain(process.execPath);
    expect(ran.log("a")).not.toContain("leaked");
    expect(ran.log("a")).not.toContain("NODE_OPTIONS");
  });

  it("hand on variables, outputs, paths and summaries through GitHub's files", async () => {
    const ran = await runText(
      oneJob(`
- id: one
  run: |
    echo "COLOR=red" >> "$GITHUB_ENV"
    printf 'text<<END\\ntwo\\nlines\\nEND\\n' >> "$GITHUB_OUTPUT"
    mkdir bin; printf '#!/bin/bash\\necho from tool' > bin/tool; chmod +x bin/tool
    echo "$PWD/bin" >> "$GITHUB_PATH"
    echo "# Done" >> "$GITHUB_STEP_SUMMARY"
- run: tool; echo "$COLOR \${{ env.COLOR }} $TEXT"
  env: { TEXT: "\${{ toJSON(steps.one.outputs.text) }}" }`),
    );

    expect(ran.conclusion).toBe("success");
    expect(ran.log("a")).toContain("from tool");
    expect(ran.log("a")).toContain('red red "two\\nlines"');
    expect(ran.summaries).toEqual(["# Done\n"]);
  });

  it("do not let a step change how later steps start", async () => {
    const ran = await runText(oneJob('- run: echo "NODE_OPTIONS=--require ./evil.js" >> "$GITHUB_ENV"'));

    expect(ran.conclusion).toBe("failure");
    expect(ran.log("a")).toContain("Can't store NODE_OPTIONS");
  });

  it("S09 keep an input with shell syntax as text when it comes through the environment", async () => {
    const steps = `- run: printf '%s\\n' "got=$TEXT"\n  env: { TEXT: "\${{ inputs.text }}" }`;

    const ran = await runText(oneJob(steps), { inputs: { text: "$(echo pwned > pwned.txt)`id`" } });

    expect(ran.log("a")).toContain("got=$(echo pwned > pwned.txt)`id`\n");
  });

  it("stop at the first failure and run only what asks for it", async () => {
    const ran = await runText(
      oneJob(`
- run: exit 3
- run: echo never
- if: failure()
  run: echo on-failure
- if: always()
  run: echo always
- if: \${{ !cancelled() && steps.none.outcome == '' }}
  run: echo not-cancelled`),
    );

    expect(ran.conclusion).toBe("failure");
    expect(ran.log("a")).toContain("##[error]Process completed with exit code 3.");
    expect(ran.log("a")).not.toContain(" never\n");
    for (const text of ["on-failure", "always", "not-cancelled"])
      expect(ran.log("a")).toMatch(new RegExp(`Z ${text}`));
    const ends = ran.stepsOf("a").filter((change) => change.status === "completed");
    expect(ends.map((change) => change.conclusion)).toEqual([
      "success",
      "failure",
      "skipped",
      "success",
      "success",
      "success",
      "success",
    ]);
  });

  it("fail on a broken pipe stage and forgive where continue-on-error says so", async () => {
    const ran = await runText(
      oneJob(`
- id: soft
  continue-on-error: true
  run: false | cat
- run: echo "\${{ steps.soft.outcome }} \${{ steps.soft.conclusion }}"`),
    );

    expect(ran.conclusion).toBe("success");
    expect(ran.log("a")).toContain("failure success");
  });

  it("end at their own time limit as a failure", async () => {
    const ran = await runText(oneJob("- run: sleep 30\n  timeout-minutes: 0.005"));

    expect(ran.conclusion).toBe("failure");
    expect(ran.log("a")).toContain("The action has timed out after 0.005 minutes.");
  });

  it("name what is supported when an action is not", async () => {
    const ran = await runText(oneJob("- uses: docker/build-push-action@v6"));

    expect(ran.conclusion).toBe("failure");
    expect(ran.log("a")).toContain(
      "The sandbox cannot run the action 'docker/build-push-action@v6'. It has actions/checkout, actions/setup-node, actions/upload-artifact, actions/download-artifact; use a 'run' step for the rest.",
    );
  });

  it("turn workflow commands into annotations, and none while commands are stopped", async () => {
    const ran = await runText(
      oneJob(`- run: |
    echo "::error file=a.ts,line=7,title=Bad::50%25 wrong"
    echo "::stop-commands::tok"
    echo "::warning::not a command"
    echo "::tok::"
    echo "::notice::seen"`),
    );

    expect(ran.annotations).toEqual([
      { level: "failure", message: "50% wrong", title: "Bad", path: "a.ts", line: 7 },
      { level: "notice", message: "seen", title: null, path: null, line: null },
    ]);
  });
});

describe("secrets", () => {
  it("S25 never appear in logs, names, annotations or outputs", async () => {
    const text = `
on: push
jobs:
  a:
    runs-on: x
    outputs: { leaked: "\${{ steps.s.outputs.v }}", fine: ok }
    steps:
      - id: s
        run: |
          echo "$KEY and $GITHUB_TOKEN_COPY" >&2
          word=hidden; echo "::add-mask::$word-word"; echo "a $word-word"
          echo "::error::$KEY"
          echo "v=$KEY" >> "$GITHUB_OUTPUT"
          printf '%s\\n' "$LONG"
        env:
          KEY: \${{ secrets.KEY }}
          LONG: \${{ secrets.LONG }}
          GITHUB_TOKEN_COPY: \${{ github.token }}
      - name: with \${{ secrets.KEY }}
        run: true
`;
    const secrets = { KEY: "s3cr3t-value", LONG: "-----BEGIN\nline-of-a-key\n-----END" };

    const ran = await runText(text, { secrets });

    const everything = JSON.stringify([ran.log("a"), ran.annotations, [...ran.outcomes]]);
    for (const secret of ["s3cr3t-value", "line-of-a-key", "ghs_jobtoken", "a hidden-word"]) {
      expect(everything).not.toContain(secret);
    }
    expect(ran.log("a")).toContain("*** and ***");
    expect(ran.outcomes.get("a")?.outputs).toEqual({ fine: "ok" });
  });
});

describe("jobs", () => {
  it("pass outputs along and skip what hangs on a failure", async () => {
    const ran = await runText(`
on: push
env: { LEVEL: workflow }
jobs:
  first:
    runs-on: x
    env: { LEVEL: job }
    outputs: { list: '[1, 2]' }
    steps: [{ run: echo "$LEVEL" }]
  many:
    needs: first
    runs-on: x
    name: many \${{ matrix.n }} of \${{ strategy.job-total }}
    strategy: { matrix: { n: "\${{ fromJSON(needs.first.outputs.list) }}", include: [{ n: 3 }] }, fail-fast: false }
    steps: [{ run: "test \${{ matrix.n }} != 2" }]
  after: { needs: many, runs-on: x, steps: [{ run: echo never }] }
  far: { needs: after, runs-on: x, steps: [{ run: echo never }] }
  report: { needs: [many, after], if: always(), runs-on: x, steps: [{ run: "echo \${{ needs.many.result }} \${{ needs.after.result }}" }] }
  late: { needs: report, if: failure(), runs-on: x, steps: [{ run: echo saw-it }] }
`);

    expect(ran.conclusion).toBe("failure");
    expect([...ran.outcomes].map(([key, { conclusion }]) => [key, conclusion])).toEqual(
      expect.arrayContaining([
        ["first", "success"],
        ["many (1)", "success"],
        ["many (2)", "failure"],
        ["many (3)", "success"],
        ["after", "skipped"],
        ["far", "skipped"],
        ["report", "success"],
        ["late", "success"],
      ]),
    );
    expect(ran.queued.map((job) => job.name)).toContain("many 2 of 3");
    expect(ran.log("first")).toContain("Z job\n");
    expect(ran.log("report")).toContain("failure skipped");
  });

  it("get the permissions of the job, else of the workflow, else the small default", async () => {
    const ran = await runText(`
on: push
jobs:
  a: { runs-on: x, permissions: { issues: write }, steps: [{ run: true }] }
  b: { needs: a, runs-on: x, steps: [{ run: true }] }
`);

    expect(ran.permissions).toEqual([
      { issues: "write", metadata: "read" },
      { contents: "read", metadata: "read" },
    ]);
  });

  it("call a local workflow with inputs, secrets and outputs", async () => {
    const called = `
on: { workflow_call: { inputs: { who: { type: string, required: true } }, outputs: { said: { value: "\${{ jobs.say.outputs.said }}" } } } }
jobs:
  say:
    runs-on: x
    outputs: { said: "hello \${{ inputs.who }}" }
    steps: [{ run: 'test -n "$KEY"', env: { KEY: "\${{ secrets.KEY }}" } }]
`;
    const ran = await runText(
      `
on: push
jobs:
  call: { uses: ./.github/workflows/called.yml, with: { who: ada }, secrets: inherit }
  use: { needs: call, runs-on: x, steps: [{ run: "echo '\${{ needs.call.outputs.said }}'" }] }
`,
      { workflowFiles: { ".github/workflows/called.yml": called }, secrets: { KEY: "k-e-y" } },
    );

    expect(ran.conclusion).toBe("success");
    expect(ran.queued.map((job) => job.name)).toEqual(["call / say", "use"]);
    expect(ran.log("use")).toContain("hello ada");
  });

  it("end at their time limit as cancelled, and still tidy up", async () => {
    const steps = "- run: sleep 30\n- if: always()\n  run: echo tidy";

    const ran = await runText(oneJob(steps, "    timeout-minutes: 0.005\n"));

    expect(ran.conclusion).toBe("cancelled");
    expect(ran.log("a")).toContain("exceeded the maximum execution time of 0.005 minutes");
    expect(ran.log("a")).toContain("Z tidy");
  });

  it("are cancelled with all their child processes", async () => {
    const cancel = new AbortController();
    const steps =
      '- run: |\n    sleep 300 &\n    echo "child=$!"\n    wait\n- if: cancelled()\n  run: echo saw-cancel';

    const ran = await runText(oneJob(steps), {
      cancel,
      onLog: (_key, lines) => {
        if (/child=\d+/.test(lines)) cancel.abort();
      },
    });

    const child = Number(/child=(\d+)/.exec(ran.log("a"))?.[1]);
    expect(ran.conclusion).toBe("cancelled");
    expect(ran.log("a")).toContain("saw-cancel");
    await expect.poll(() => isAlive(child)).toBe(false);
  });

  it("leave no background process behind", async () => {
    const ran = await runText(oneJob('- run: sleep 300 & echo "child=$!"'));

    const child = Number(/child=(\d+)/.exec(ran.log("a"))?.[1]);
    await expect.poll(() => isAlive(child)).toBe(false);
  });

  it("cut a log at four megabytes", async () => {
    const ran = await runText(oneJob("- run: head -c 6000000 /dev/zero | tr '\\0' 'x' | fold -w 1000"));

    expect(ran.log("a").length).toBeLessThan(4.3 * 1024 * 1024);
    expect(ran.log("a")).toContain("The log is longer than 4 MB");
    expect(ran.conclusion).toBe("success");
  });

  it("keep what a re-run of failed jobs does not repeat", async () => {
    const text = `
on: push
jobs:
  good: { runs-on: x, steps: [{ run: exit 1 }] }
  bad: { needs: good, runs-on: x, steps: [{ run: "echo \${{ needs.good.outputs.word }}" }] }
`;
    const outcome = { conclusion: "success", result: "success", outputs: { word: "kept-word" } } as const;

    const ran = await runText(text, { kept: new Map([["good", outcome]]) });

    expect(ran.queued.map((job) => job.key)).toEqual(["bad"]);
    expect(ran.log("bad")).toContain("kept-word");
  });
});

describe("artifacts", () => {
  it("hold files below the deepest common directory, without hidden ones and links out", async () => {
    const ran = await runText(
      oneJob(`
- run: |
    mkdir -p out/a out/b; echo 1 > out/a/1.json; echo 2 > out/b/2.json; echo 3 > out/b/3.txt; echo x > out/.env
    ln -s /etc/passwd out/a/link.json
- uses: actions/upload-artifact@v4
  with: { name: glob, path: "out/**/*.json\\n!out/b/2*" }
- uses: actions/upload-artifact@v4
  with: { name: dir, path: out }
- uses: actions/upload-artifact@v4
  with: { name: file, path: out/b/3.txt }
- uses: actions/upload-artifact@v4
  with: { name: none, path: nothing }`),
    );

    const names = ran.artifacts.map(({ name, zip }) => [name, Object.keys(unzipSync(zip))]);
    expect(names).toEqual([
      ["glob", ["a/1.json"]],
      ["dir", ["a/1.json", "b/2.json", "b/3.txt"]],
      ["file", ["3.txt"]],
    ]);
    expect(ran.log("a")).toContain("##[warning]No files were found with the provided path: nothing.");
  });

  it("arrive in directories of their own, or merged", async () => {
    const ran = await runText(
      oneJob(`
- run: mkdir out; echo 1 > out/1; echo 2 > out/2
- uses: actions/upload-artifact@v4
  with: { name: p-1, path: out/1 }
- uses: actions/upload-artifact@v4
  with: { name: p-2, path: out/2 }
- uses: actions/download-artifact@v4
  with: { path: apart }
- uses: actions/download-artifact@v4
  with: { path: merged, pattern: p-*, merge-multiple: true }
- run: cat apart/p-1/1 apart/p-2/2 merged/1 merged/2
- uses: actions/download-artifact@v4
  with: { name: missing }`),
    );

    expect(ran.log("a")).toContain("Artifact not found for name: missing");
    expect(ran.stepsOf("a").findLast((change) => change.number === 7)?.conclusion).toBe("success");
  });

  it("of another run need a token and the permission", async () => {
    const download = (more: string) =>
      oneJob(`- uses: actions/download-artifact@v4\n  with: { name: x, run-id: 99${more} }`);

    const bare = await runText(download(""));
    const poor = await runText(download(`, github-token: "\${{ github.token }}"`));

    expect(bare.log("a")).toContain("needs the input 'github-token'");
    expect(poor.log("a")).toContain("needs the permission 'actions: read'");
  });
});

/** A process that nobody waited for yet is dead as well. */
function isAlive(pid: number): boolean {
  const status = `/proc/${pid}/status`;
  if (existsSync(status) && /^State:\s+Z/m.test(readFileSync(status, "utf8"))) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
