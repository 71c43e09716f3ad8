import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLog } from "../src/log.ts";

function openLog(secrets: readonly string[] = []) {
  const lines: string[] = [];
  const log = createLog({ level: "debug", secrets, destination: { write: (line) => lines.push(line) } });
  return { log, lines, read: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe("createLog", () => {
  it("writes one line of JSON with a readable level, the time, the facts and a constant message", () => {
    const { log, read } = openLog();

    log.child({ delivery: "d1" }).info({ repo: 7 }, "Delivery stored");

    expect(read()).toEqual([
      {
        level: "info",
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        delivery: "d1",
        repo: 7,
        msg: "Delivery stored",
      },
    ]);
  });

  it("leaves out what is below its level", () => {
    const { log, lines } = openLog();

    log.trace("Too much detail");

    expect(lines).toEqual([]);
  });

  it.each([
    'first\nsecond\r\n{"level":"fatal"}',
    "\u001b[31mred\u001b[2J \u009b31m",
    "%s %d %j %o",
    "next\u2028line\u2029and\u0085more",
    "\u202egnp.exe \u2066x\u2069",
    '"}',
  ])("F019 keeps %j in one structured line", (title) => {
    const { log, lines, read } = openLog();

    log.warn({ title }, "Task queued");

    expect(lines).toHaveLength(1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is what is tested.
    expect(lines[0]?.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
    expect(read()[0]).toMatchObject({ title, msg: "Task queued", level: "warn" });
  });

  it("removes credentials from facts, messages and children alike", () => {
    const secret = "3c9e1f0a7b52d84e6f1c0b9a8d7e6f50";
    const { log, lines } = openLog([secret]);
    const token = "ghs_4711_eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOjF9.c2ln";

    log
      .child({ token })
      .error({ deep: { list: [`x ${secret}`] }, err: new Error(`with ${token}`) }, `Bearer ${token}`);

    expect(lines.join("")).not.toContain(secret);
    expect(lines.join("")).not.toContain("ghs_4711");
    expect(lines).toHaveLength(1);
  });

  it("keeps of an error of GitHub what explains it, and nothing that was sent or answered", () => {
    const { log, lines, read } = openLog();
    const err = Object.assign(new Error("Validation Failed"), {
      name: "HttpError",
      status: 422,
      request: {
        method: "POST",
        url: "https://api.github.com/repos/o/r/issues?access_token=hidden-1",
        headers: { authorization: "token hidden-2" },
        body: { body: "hidden-3" },
      },
      response: { status: 422, headers: { "x-a": "hidden-4" }, data: { message: "hidden-5" } },
    });

    log.error({ err }, "Effect failed");

    expect(lines.join("")).not.toContain("hidden");
    expect(read()[0]?.err).toEqual({
      name: "HttpError",
      message: "Validation Failed",
      status: 422,
      request: { method: "POST", url: "https://api.github.com/repos/o/r/issues" },
    });
  });

  it.each([
    ["/repos/o/r/collaborators/ada/permission", "/repos/o/r/collaborators/*/*"],
    ["/repos/o/r/git/ref/heads/fix/42-secret-plan", "/repos/o/r/git/*/*/*/*"],
    ["/repos/o/r/issues/42/labels/secret", "/repos/o/r/issues/42/*/*"],
    ["/app/installations/7/access_tokens", "/app/installations/7/access_tokens"],
  ])("I10 leaves what people named in a repository out of %s", (path, logged) => {
    const { log, read } = openLog();
    const message = 'Validation Failed: {"message":"No commits between main and fix/42-secret-plan"}';
    const err = Object.assign(new Error(message), {
      ...{ name: "HttpError", status: 422 },
      request: { method: "GET", url: `https://api.github.com${path}` },
    });

    log.error({ err }, "Effect failed");

    expect(read()[0]?.err).toMatchObject({
      message: "Validation Failed",
      request: { url: `https://api.github.com${logged}` },
    });
  });

  it("keeps code, cause and frames of any other error, and none of its rows", () => {
    const { log, read } = openLog();
    const cause = Object.assign(new Error("duplicate key"), {
      code: "23505",
      detail: "Key (title)=(hidden)",
    });

    log.error({ err: new Error("Could not store", { cause }) }, "Delivery failed");
    log.error(new AggregateError([cause], "All failed"));

    expect(JSON.stringify(read())).not.toContain("hidden");
    expect(read()[0]?.err).toMatchObject({
      message: "Could not store",
      stack: expect.stringContaining("log.test.ts"),
      cause: { message: "duplicate key", code: "23505" },
    });
    expect(read()[1]).toMatchObject({ msg: "All failed", err: { errors: [{ code: "23505" }] } });
  });

  it.each([[null], [undefined], ["text"], [42], [{ body: "hidden" }]])(
    "describes a thrown %j without its content",
    (err) => {
      const { log, lines, read } = openLog();

      log.error({ err }, "Odd failure");

      expect(read()).toHaveLength(1);
      expect(lines.join("")).not.toContain("hidden");
    },
  );

  it.each(["payload", "body", "headers", "request", "response", "req", "res"])(
    "never writes a “%s”",
    (name) => {
      const { log, lines } = openLog();

      log.debug({ [name]: { text: "hidden" } }, "Careless");

      expect(lines.join("")).toContain("left out");
      expect(lines.join("")).not.toContain("hidden");
    },
  );

  it("survives a circle of causes", () => {
    const { log, read } = openLog();
    const err = new Error("round");
    err.cause = err;

    log.error({ err }, "Circle");

    expect(read()).toHaveLength(1);
  });

  it("leaves out a line that only a payload could make so long", () => {
    const { log, lines, read } = openLog();

    log.info({ text: "x".repeat(1_000_000) }, "Never do this");

    expect(lines.join("").length).toBeLessThan(200);
    expect(read()[0]).toMatchObject({ level: "warn", msg: "A log line was too long and was left out" });
  });

  it("writes valid JSON whatever is redacted", () => {
    const pieces = fc.constantFrom(
      '"',
      "\\",
      "\n",
      "-----BEGIN KEY-----",
      "-----END KEY-----",
      "Bearer ",
      "authorization:",
      "ghs_0123456789",
      "://a:b@c",
      "\u2028",
      "LS0tLS1CRUdJTi",
      "x",
    );

    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 25 }), (parts) => {
        const { log, read } = openLog(["-----BEGIN KEY-----x"]);

        log.info({ text: parts.join(""), after: 1 }, "Text");

        expect(read()).toHaveLength(1);
      }),
      { numRuns: 3_000 },
    );
  });
});
