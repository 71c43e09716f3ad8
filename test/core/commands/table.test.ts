import { describe, expect, it } from "vitest";
import { COMMAND_GROUPS, usageOf } from "../../../src/core/commands/command-row.ts";
import { parseCommands } from "../../../src/core/commands/parse-commands.ts";
import { readArguments } from "../../../src/core/commands/read-arguments.ts";
import { findCommand } from "../../../src/core/commands/run-commands.ts";
import { COMMANDS } from "../../../src/core/commands/table.ts";
import { hasPermission, type Permission } from "../../../src/core/repo.ts";
import { buildSnapshot } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull } from "../../support/build-task.ts";
import { planFor, reactionIn, replyIn } from "./comment-on.ts";

const PERMISSIONS: readonly Permission[] = ["none", "read", "triage", "write", "maintain", "admin"];

describe("the table of commands", () => {
  it("has the commands of the design", () => {
    expect(COMMANDS.map(usageOf)).toMatchInlineSnapshot(`
      [
        "/orchestrate status [#n]",
        "/orchestrate why [#n]",
        "/orchestrate queue",
        "/orchestrate next",
        "/orchestrate roadmap",
        "/orchestrate knowledge",
        "/orchestrate run [--dry-run]",
        "/orchestrate allow [#n] [--dry-run]",
        "/orchestrate retry [#n] [--reset-budget] [--dry-run]",
        "/orchestrate cancel [#n] [--dry-run] [-- reason]",
        "/orchestrate hold [#n] [--dry-run] [-- reason]",
        "/orchestrate unhold [#n] [--dry-run]",
        "/orchestrate priority <p0-p3> [#n] [--dry-run]",
        "/orchestrate approve <sha> [#n] [--dry-run]",
        "/orchestrate unapprove [#n] [--dry-run]",
        "/orchestrate override <gate> [#n] [--dry-run] [-- reason]",
        "/orchestrate help [command]",
        "/orchestrate ping",
        "/orchestrate check-config",
        "/orchestrate explain-config",
        "/orchestrate report [session] [session=n] [--dry-run]",
        "/orchestrate forget <id> [--dry-run]",
        "/orchestrate start [count=n] [hours=n] [team=name] [--dry-run]",
        "/orchestrate end [team=name] [--dry-run]",
        "/orchestrate pause [--dry-run] [-- reason]",
        "/orchestrate stop [--keep-runs] [--dry-run] [-- reason]",
        "/orchestrate resume [--dry-run]",
      ]
    `);
  });

  it("names every command and every other name once", () => {
    const names = COMMANDS.flatMap(({ verb, aliases }) => [verb, ...aliases]);

    expect(new Set(names).size).toBe(names.length);
    for (const row of COMMANDS) {
      for (const name of [row.verb, ...row.aliases]) expect(findCommand(name)).toBe(row);
    }
  });

  it.each(COMMANDS)("explains $verb in sentences and by examples that it takes itself", (row) => {
    expect(COMMAND_GROUPS).toContain(row.group);
    expect(`${row.summary} ${row.details}`).toMatch(/^[A-Z].*\. [A-Z].*\.$/u);
    expect(row.examples.length).toBeGreaterThan(0);
    for (const { line } of row.examples) {
      const [command] = parseCommands(line).commands;
      if (command === undefined) throw new Error(`${line} is no command`);
      expect(command.verb).toBe(row.verb);
      expect(readArguments(row, command)).toMatchObject({ ok: true });
    }
  });

  it.each(COMMANDS.filter((row) => !row.mutates))(
    "asks no more than read for $verb, which only tells",
    (row) => {
      expect(row.permission).toBe("read");
    },
  );

  it.each(COMMANDS.filter((row) => row.mutates))("asks at least write for $verb", (row) => {
    expect(hasPermission(row.permission, "write")).toBe(true);
  });
});

const matrix = COMMANDS.flatMap((row) =>
  PERMISSIONS.map((permission) => ({ row, verb: row.verb, permission })),
);

describe("F169 F170 who may run what", () => {
  it.each(matrix)("$verb by $permission", ({ row, permission }) => {
    const line = row.examples[0]?.line ?? "";
    const task = buildTask({
      state: "verifying",
      pull: buildTaskPull({ headSha: `1a2b3c4${"0".repeat(33)}` }),
    });

    const plan = planFor(line, { snapshot: buildSnapshot({ focus: task }), gathered: { permission } });

    const isRefused = replyIn(plan)?.includes(`needs **${row.permission}**; you have **${permission}**`);
    expect(isRefused).toBe(!hasPermission(permission, row.permission));
    if (!hasPermission(permission, row.permission)) {
      expect(reactionIn(plan)).toBe("-1");
      expect(plan).toMatchObject({ tasks: [], attempts: [], events: [], repository: null });
    }
  });
});
