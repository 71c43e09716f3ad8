import { describe, expect, it } from "vitest";
import type { Ceiling } from "../../../src/core/config/config.ts";
import { ceilingGate, ceilingOf } from "../../../src/core/gate/rules/ceiling.ts";
import { buildFile, buildSubject, say } from "./build-subject.ts";

const CEILINGS: readonly Ceiling[] = [
  { paths: ["src/**"], autonomy: "merge" },
  { paths: ["src/pay/**", "infra/**"], autonomy: "merge-with-approval" },
  { paths: ["infra/prod/**"], autonomy: "suggest" },
  { paths: ["legal/**"], autonomy: "observe" },
];

const filesOf = (...paths: readonly string[]) => paths.map((path) => buildFile({ path }));
const lowestOf = (...paths: readonly string[]) => ceilingOf(paths, { ceilings: CEILINGS });
const tell = (...paths: readonly string[]) =>
  say(ceilingGate, { config: { ceilings: CEILINGS }, pull: { files: filesOf(...paths) } });

describe("ceilingOf", () => {
  it.each([
    [["README.md"], null],
    [["src/a.ts"], "merge"],
    [["src/pay/a.ts"], "merge-with-approval"],
    [["src/a.ts", "README.md", "infra/a.tf"], "merge-with-approval"],
    [["infra/prod/a.tf"], "suggest"],
    [["INFRA/Prod/.env"], "suggest"],
    [["infra/prod/a.tf", "legal/a.md", "src/a.ts"], "observe"],
    [["infrastructure/prod/a.tf"], null],
    [["x/../README.md"], "observe"],
    [["a\nb"], "observe"],
    [[], null],
  ] as const)("of %j is %s", (paths, ceiling) => {
    expect(lowestOf(...paths)).toBe(ceiling);
  });

  it("takes three thousand files in a moment", () => {
    const paths = Array.from({ length: 3000 }, (_, index) => `lib/${index}/${"a".repeat(200)}.ts`);
    const ceilings = Array.from({ length: 50 }, (_, index) => ({
      paths: Array.from({ length: 20 }, (__, glob) => `**/x${index}/*y${glob}*/**`),
      autonomy: "merge" as const,
    }));
    const before = process.cpuUsage();
    expect(ceilingOf(paths, { ceilings })).toBeNull();
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000);
  });
});

describe("ceilingGate", () => {
  it.each([
    [["README.md"], "PASS: No ceiling is set for what was changed."],
    [["src/pay/a.ts"], "PASS: Of what was changed, the lowest ceiling is `merge-with-approval`."],
    [
      ["infra/prod/a.tf", "src/a.ts"],
      "BLOCKED: The ceiling is `suggest` for a path of the change, so a task may not change anything there.",
    ],
    [
      ["infra/prod/a.tf", "legal/a.md", "src/a.ts"],
      "BLOCKED: The ceiling is `observe` for 2 paths of the change, so a task may not change anything there.",
    ],
  ])("of %j says: %s", (paths, said) => {
    expect(tell(...paths)).toBe(said);
  });

  it("passes exactly from drafts on", () => {
    const word = (autonomy: Ceiling["autonomy"]) =>
      say(ceilingGate, { config: { ceilings: [{ paths: ["**"], autonomy }] } }).split(":")[0];
    expect(word("suggest")).toBe("BLOCKED");
    expect(word("draft-pr")).toBe("PASS");
  });

  it("names at most twenty paths, and who lifts it", () => {
    const files = filesOf(...Array.from({ length: 30 }, (_, index) => `legal/${index}.md`));
    const answer = ceilingGate.evaluate(buildSubject({ config: { ceilings: CEILINGS }, pull: { files } }));
    expect(answer).toMatchObject({
      seen: "`observe`",
      wanted: "`draft-pr`",
      howToFix: "Leave these paths as they are, or raise `ceilings` on the default branch.",
    });
    expect("details" in answer && answer.details).toHaveLength(20);
  });

  it("F151 counts where a file was before", () => {
    const moved = buildFile({ path: "src/a.ts", previousPath: "legal/a.ts", status: "renamed" });
    expect(say(ceilingGate, { config: { ceilings: CEILINGS }, pull: { files: [moved] } })).toBe(
      "BLOCKED: The ceiling is `observe` for a path of the change, so a task may not change anything there.",
    );
  });

  it("F149 is blocked when the list of files is not complete", () => {
    const config = { ceilings: CEILINGS };
    expect(say(ceilingGate, { config, pull: { files: null } })).toMatch(/^BLOCKED: The list/u);
  });

  it("is asked about tasks, where a ceiling is configured", () => {
    const config = { ceilings: CEILINGS };
    expect(ceilingGate.appliesTo?.(buildSubject({ config }))).toBe(true);
    expect(ceilingGate.appliesTo?.(buildSubject())).toBe(false);
    expect(ceilingGate.appliesTo?.(buildSubject({ config, work: null }))).toBe(false);
  });
});
