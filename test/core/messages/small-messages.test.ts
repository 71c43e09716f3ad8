import { describe, expect, it } from "vitest";
import type { GateResult } from "../../../src/core/gate/verdict.ts";
import { configCheckOutput, configIssue } from "../../../src/core/messages/config/config.ts";
import { intakeRefusal } from "../../../src/core/messages/intake.ts";
import { LABEL_LOOKS } from "../../../src/core/messages/label-looks.ts";
import { needsPersonNotice, stoppedNotice } from "../../../src/core/messages/notices.ts";
import { pullBody } from "../../../src/core/messages/pull.ts";
import { displayState } from "../../../src/core/messages/sticky.ts";
import { reason } from "../../../src/core/reasons.ts";
import { TASK_STATES } from "../../../src/core/task/task.ts";
import { buildConfigText } from "../../support/build-snapshot.ts";
import { ACTIVE, HOSTILE, seenText, sortsOf } from "./read-markdown.ts";

const SHA = "ba5eba11ba5eba11ba5eba11ba5eba11ba5eba11";

describe("intakeRefusal", () => {
  it("says who needs what, and what to do", () => {
    expect(intakeRefusal({ login: "sam", permission: "triage", needed: "write", label: "autopilot" })).toBe(
      [
        "@sam: the label `autopilot` hands this issue to workflows that run code, which needs **write**; you have **triage**.",
        "",
        "Nothing was started. Somebody with write access can write `/orchestrate run`, or remove the label and add it again.",
      ].join("\n"),
    );
  });
});

describe("notices", () => {
  const gates: readonly GateResult[] = Array.from({ length: 8 }, (_, index) => ({
    gate: `g${index}`,
    verdict: index === 0 ? "PASS" : "FAIL",
    message: `Wrong ${index}.`,
    seen: "",
    wanted: "",
  }));

  it("say what a person has to do, each reason with who lifts it", () => {
    const reasons = [reason("gate.blocked", "paths: A protected path.", { liftedBy: "Review it." })];
    expect(needsPersonNotice({ requester: "robin", reasons })).toBe(
      "✋ @robin: this task needs a person.\n\n- paths: A protected path. Lifted by: Review it.\n\nThen: `/orchestrate retry`",
    );
  });

  it("say once who lifts reasons that the same people lift", () => {
    const reasons = ["Secret `A` is missing.", "Secret `B` is missing."].map((text) =>
      reason("worker.needs-info", text),
    );
    expect(needsPersonNotice({ requester: "robin", reasons })).toBe(
      "✋ @robin: this task needs a person.\n\n- Secret `A` is missing.\n- Secret `B` is missing.\n\nLifted by: whoever adds it, then `/orchestrate retry`, which reads the issue anew",
    );
  });

  it("say why the loop ended and how to go on, with five gates at most", () => {
    const text = stoppedNotice({ requester: "robin", issue: 42, why: "all 15 attempts are used", gates });
    expect(text.split("\n\n")).toEqual([
      "❌ @robin: stopped, all 15 attempts are used.",
      [1, 2, 3, 4, 5].map((index) => `- **g${index}**: Wrong ${index}.`).join("\n"),
      "Arm it again with a fresh budget: `/orchestrate retry --reset-budget`",
    ]);
  });
});

describe("pullBody", () => {
  const facts = { issue: 42, role: "bugfix", stop: "remove the label `autopilot`" };

  it("names the issue without closing it, and quotes the worker", () => {
    const text = pullBody({ ...facts, summary: "Prices are rounded once." });
    expect(text.split("\n\n").slice(0, 2)).toEqual([
      "For #42, by role `bugfix`.",
      "The worker says: Prices are rounded once.",
    ]);
    expect(text).not.toMatch(/\b(?:close|fix|resolve)[sd]?:? #42/iu);
    expect(pullBody({ ...facts, summary: " \n" })).not.toContain("The worker says");
  });

  it.each(HOSTILE)("S17 makes of the worker's %j nothing but text", (summary) => {
    const text = pullBody({ ...facts, summary });
    for (const sort of ["link", "html", "heading", "list", "code", "image", "table"])
      expect(sortsOf(text).has(sort), sort).toBe(false);
    expect(seenText(text).replaceAll("#42", "")).not.toMatch(ACTIVE);
  });
});

describe("configCheckOutput", () => {
  const facts = { isInForce: true, lastGoodSha: null };

  it("is green for a valid file, and says so", () => {
    const check = configCheckOutput({ ...facts, text: buildConfigText() });
    expect(check).toMatchObject({ conclusion: "success", annotations: [] });
    expect(check.output.title).toBe("Valid");
    expect(check.output.summary).toContain("The configuration is valid. It is in force.");
  });

  it("names every error at once, at its line, and what stays in force", () => {
    const text = buildConfigText({ lines: ["colour: red", "shape: round"] });
    const check = configCheckOutput({ ...facts, text, isInForce: false, lastGoodSha: SHA });
    expect(check.conclusion).toBe("failure");
    expect(check.output.title).toBe("2 errors");
    expect(check.output.summary).toContain("The last valid version, of `ba5eba11ba5e`, stays in force.");
    expect(check.annotations).toHaveLength(2);
    const line = text.split("\n").indexOf("colour: red") + 1;
    expect(check.annotations[0]).toMatchObject({ startLine: line, endLine: line, level: "failure" });
  });

  it("says of a first file with an error that nothing is started", () => {
    const { output } = configCheckOutput({ ...facts, text: "version: 7" });
    expect(output.summary).toContain("nothing is started until this is corrected");
  });

  it.each(HOSTILE)("S17 shows the key %j as plain text", (key) => {
    const text = buildConfigText({ lines: [`${JSON.stringify(key)}: 1`] });
    const { output } = configCheckOutput({ ...facts, text });
    for (const sort of ["link", "html", "heading", "image"])
      expect(sortsOf(output.summary).has(sort), sort).toBe(false);
    expect(seenText(output.summary)).not.toMatch(/@[\w-]|#\d/u);
  });
});

describe("configIssue", () => {
  const problem = { path: "colour", line: 3, column: 5, message: 'unknown key "colour"' };

  it("lists what is wrong by file, and what stays in force", () => {
    const files = [{ file: ".github/orchestrator.yml", problems: [problem] }];
    const { title, body } = configIssue({ files, sha: SHA, lastGoodSha: null });
    expect(title).toBe("Action required: fix orchestrator.yml");
    expect(body).toContain("`ba5eba11ba5e`");
    expect(body).toContain('- 3:5: unknown key "colour"');
    expect(body).toContain("validate FILE");
  });

  it("says that it is over when nothing is broken", () => {
    expect(configIssue({ files: [], sha: SHA, lastGoodSha: SHA }).body).toBe(
      "The configuration is valid again.",
    );
  });
});

describe("LABEL_LOOKS", () => {
  it("has a look for the trigger and for every state that is shown", () => {
    const shown = TASK_STATES.filter((state) => state !== "verifying").map((state) =>
      displayState({ state, reasons: [] }),
    );
    for (const state of [...shown, "needs-info", "needs-review"])
      expect(LABEL_LOOKS).toHaveProperty([`autopilot:${state}`]);
    expect(LABEL_LOOKS).toHaveProperty(["autopilot"]);
  });

  it.each(Object.entries(LABEL_LOOKS))(
    "gives %s a colour and a description that GitHub takes",
    (_name, look) => {
      expect(look.color).toMatch(/^[0-9a-f]{6}$/u);
      expect(look.description).toMatch(/^[A-Z].{5,99}$/u);
    },
  );
});
