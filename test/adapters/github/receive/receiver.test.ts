import { describe, expect, it } from "vitest";
import { createReceiver } from "../../../../src/adapters/github/receive/receiver.ts";
import {
  APP_ID,
  deliver,
  deliveryHeaders,
  GUID,
  OLD_SECRET,
  openDoor,
  PATH,
  requestHead,
  SECRET,
  sendRaw,
  sign,
} from "./front-door.ts";

const BODY = JSON.stringify({ action: "labeled", issue: { number: 3 } });
const MEBIBYTE = 1024 * 1024;

describe("a good delivery", () => {
  it("is answered with 202 and handed on with what GitHub said about it", async () => {
    await using door = await openDoor();

    const answer = await deliver(door, BODY);

    expect(answer).toMatchObject({ status: 202, text: '{"status":"stored"}\n' });
    expect(answer.headers).toMatchObject({ "content-type": "application/json; charset=utf-8" });
    expect(door.accepted).toEqual([
      { guid: GUID, event: "issues", installationTargetId: APP_ID, payload: JSON.parse(BODY) },
    ]);
  });

  it.each(["duplicate", "ignored"] as const)("that is %s says so", async (result) => {
    await using door = await openDoor({ receive: { accept: () => Promise.resolve(result) } });

    expect(await deliver(door, BODY)).toMatchObject({ status: 202, text: `{"status":"${result}"}\n` });
  });

  it("is not acknowledged before it is stored", async () => {
    const { promise: commit, resolve } = Promise.withResolvers<"stored">();
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const accept = () => {
      ask();
      return commit;
    };
    await using door = await openDoor({ receive: { accept } });
    const steps: string[] = [];

    const answer = deliver(door, BODY).then(() => steps.push("answered"));
    await asked;
    steps.push("committed");
    resolve("stored");
    await answer;

    expect(steps).toEqual(["committed", "answered"]);
  });

  it("of a ping is answered with 200", async () => {
    await using door = await openDoor({ receive: { accept: () => Promise.resolve("ignored") } });

    const answer = await deliver(door, '{"zen":"Keep it simple."}', {
      headers: { "x-github-event": "ping" },
    });

    expect(answer).toMatchObject({ status: 200, text: '{"status":"ignored"}\n' });
  });

  it("is counted with its size and time, and without its payload", async () => {
    await using door = await openDoor();

    await deliver(door, BODY);

    expect(door.outcomes).toEqual([
      {
        kind: "accepted",
        status: 202,
        result: "stored",
        guid: GUID,
        event: "issues",
        bytes: BODY.length,
        durationMs: expect.any(Number),
      },
    ]);
  });

  it("arrives whole in any cut of its bytes", async () => {
    await using door = await openDoor();
    const body = JSON.stringify({ text: "ü€😀".repeat(20_000) });

    const answer = await deliver(door, body, { chunked: true });

    expect(answer.status).toBe(202);
    expect(JSON.stringify(door.accepted[0]?.payload)).toBe(body);
  });

  it("F014 of an unknown event or action is handed on, to be kept as ignored", async () => {
    await using door = await openDoor();

    await deliver(door, '{"action":"levitated"}', { headers: { "x-github-event": "sorcery" } });

    expect(door.accepted[0]).toMatchObject({ event: "sorcery", payload: { action: "levitated" } });
  });
});

describe("signature", () => {
  it("F002 refuses a wrong signature without handing anything on", async () => {
    await using door = await openDoor();

    const answer = await deliver(door, BODY, { headers: { "x-hub-signature-256": sign("something else") } });

    expect(answer).toMatchObject({ status: 401, text: '{"error":"invalid signature"}\n' });
    expect(door.accepted).toEqual([]);
    expect(door.outcomes).toMatchObject([{ kind: "refused", reason: "signature", status: 401 }]);
  });

  it.each([
    ["missing", undefined],
    ["empty", ""],
    ["without its prefix", sign(BODY).slice("sha256=".length)],
    ["too short", sign(BODY).slice(0, -1)],
    ["too long", `${sign(BODY)}0`],
    ["in upper case", sign(BODY).toUpperCase()],
    ["with upper-case digits", `sha256=${sign(BODY).slice(7).toUpperCase()}`],
    ["of zeros", `sha256=${"0".repeat(64)}`],
    ["followed by another", `${sign(BODY)}, ${sign(BODY)}`],
    ["sent twice", [sign(BODY), sign(BODY)]],
  ])("F003 refuses a signature that is %s", async (_, signature) => {
    await using door = await openDoor();

    const answer = await deliver(door, BODY, { headers: { "x-hub-signature-256": signature } });

    expect(answer.status).toBe(401);
    expect(door.accepted).toEqual([]);
  });

  it("F003 refuses a sha1-only signature", async () => {
    await using door = await openDoor();
    const { createHmac } = await import("node:crypto");
    const sha1 = `sha1=${createHmac("sha1", SECRET).update(BODY).digest("hex")}`;

    const answer = await deliver(door, BODY, {
      headers: { "x-hub-signature-256": undefined, "x-hub-signature": sha1 },
    });

    expect(answer.status).toBe(401);
  });

  it.each([
    ["the same JSON written differently", `${BODY} `],
    ["other line ends", BODY.replace(",", ",\r\n")],
    ["a byte order mark", `\ufeff${BODY}`],
  ])("F004 refuses a signature over %s", async (_, signed) => {
    await using door = await openDoor();

    const answer = await deliver(door, BODY, { headers: { "x-hub-signature-256": sign(signed) } });

    expect(answer.status).toBe(401);
  });

  it("F004 verifies bytes that are not UTF-8, and only then refuses to read them", async () => {
    await using door = await openDoor();
    const body = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]);
    const unsigned = { headers: { "x-hub-signature-256": sign("else") } };

    expect(await deliver(door, body)).toMatchObject({
      status: 400,
      text: '{"error":"the body is not UTF-8"}\n',
    });
    expect(await deliver(door, body, unsigned)).toMatchObject({ status: 401 });
  });

  it("F005 takes either of two secrets, and no removed one", async () => {
    const old = { headers: { "x-hub-signature-256": sign(BODY, OLD_SECRET) } };
    await using rotating = await openDoor({ receive: { secrets: [SECRET, OLD_SECRET] } });
    await using rotated = await openDoor();

    expect(await deliver(rotating, BODY)).toMatchObject({ status: 202 });
    expect(await deliver(rotating, BODY, old)).toMatchObject({ status: 202 });
    expect(await deliver(rotated, BODY, old)).toMatchObject({ status: 401 });
  });

  it.each([[[]], [["development"]], [[SECRET, ""]]])("F001 opens no door with the secrets %j", (secrets) => {
    const options = { path: PATH, appId: 1, maxBytes: 1, bodyTimeoutMs: 1, acceptTimeoutMs: 1 };
    const accept = () => Promise.resolve("stored" as const);

    expect(() => createReceiver({ ...options, secrets, accept, observe: () => undefined })).toThrow(
      "openssl rand -hex 32",
    );
  });
});

describe("size and time", () => {
  it("F006 takes a body of exactly the greatest size", async () => {
    await using door = await openDoor();
    const body = JSON.stringify("x".repeat(MEBIBYTE - 2));

    expect(await deliver(door, body)).toMatchObject({ status: 202 });
    expect(await deliver(door, body, { chunked: true })).toMatchObject({ status: 202 });
  });

  it.each([true, false])("F006 refuses one byte more and hangs up (chunked: %s)", async (chunked) => {
    await using door = await openDoor();
    const body = JSON.stringify("x".repeat(MEBIBYTE - 1));

    const answer = await deliver(door, body, { chunked });

    expect(answer).toMatchObject({ status: 413, headers: { connection: "close" } });
    expect(door.accepted).toEqual([]);
  });

  it("F006 refuses by the announced length, before any of the body is sent", async () => {
    await using door = await openDoor();
    const headers = deliveryHeaders("{}", { "content-length": String(60 * MEBIBYTE) });

    const answer = await sendRaw(door, requestHead(headers));

    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it("F006 keeps less than the budget when many large bodies come at once", async () => {
    await using door = await openDoor({ receive: { maxBufferedBytes: MEBIBYTE, bodyTimeoutMs: 500 } });
    const headers = deliveryHeaders("{}", { "content-length": String(MEBIBYTE) });
    const part = Buffer.alloc(900 * 1024, 0x20);

    const answers = await Promise.all([1, 2, 3].map(() => sendRaw(door, requestHead(headers), part)));

    const refused = answers.filter((answer) => /^HTTP\/1\.1 503 [\s\S]*retry-after: 10/i.test(answer));
    expect(refused).toHaveLength(2);
  });

  it("F007 refuses a body in chunks of one byte, which cost more than they carry", async () => {
    await using door = await openDoor();
    const head = requestHead(deliveryHeaders("{}", { "transfer-encoding": "chunked" }));

    const answer = await sendRaw(door, head, "1\r\nx\r\n".repeat(5_000));

    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(door.outcomes).toMatchObject([{ reason: "too_fragmented" }]);
  });

  it("F007 gives up on a body that does not come, and tells the sender", async () => {
    await using door = await openDoor({ receive: { bodyTimeoutMs: 50 } });
    const headers = deliveryHeaders(BODY, { "content-length": String(BODY.length) });

    const answer = await sendRaw(door, requestHead(headers), BODY.slice(0, 5));

    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(door.outcomes).toMatchObject([{ kind: "refused", reason: "too_slow", bytes: 5 }]);
  });

  it("F007 forgets a body whose sender hung up", async () => {
    const { promise: observed, resolve } = Promise.withResolvers<unknown>();
    await using door = await openDoor({ receive: { observe: resolve } });
    const { connect } = await import("node:net");
    const headers = deliveryHeaders(BODY, { "content-length": String(BODY.length) });

    const socket = connect(door.port, "127.0.0.1", () => {
      socket.write(requestHead(headers) + BODY.slice(0, 5), () => socket.destroy());
    });

    expect(await observed).toMatchObject({ kind: "aborted" });
    expect(door.accepted).toEqual([]);
  });

  it("F016 answers 503 with retry-after when storing fails, and says why to the observer alone", async () => {
    const cause = new Error("disk full");
    await using door = await openDoor({ receive: { accept: () => Promise.reject(cause) } });

    const answer = await deliver(door, BODY);

    expect(answer).toMatchObject({ status: 503, text: '{"error":"try again later"}\n' });
    expect(answer.headers["retry-after"]).toBe("30");
    expect(door.outcomes).toMatchObject([{ kind: "refused", reason: "unavailable", cause }]);
  });

  it("F017 answers 503 while the disk is full, and stores again when there is space", async () => {
    const full = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    const answers = [() => Promise.reject(full), () => Promise.resolve("stored" as const)];
    const accept = () => answers.shift()?.() ?? Promise.reject(new Error("asked too often"));
    await using door = await openDoor({ receive: { accept } });

    const during = await deliver(door, BODY);
    const after = await deliver(door, BODY);

    expect([during.status, after.status]).toEqual([503, 202]);
  });

  it("F016 answers 503 when storing is slow, and survives that it fails later", async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    await using door = await openDoor({ receive: { acceptTimeoutMs: 20, accept: () => promise } });

    const answer = await deliver(door, BODY);
    reject(new Error("too late"));

    expect(answer.status).toBe(503);
  });

  it("F016 answers 503 when storing throws at once", async () => {
    const accept = () => {
      throw new Error("no connection");
    };
    await using door = await openDoor({ receive: { accept } });

    expect(await deliver(door, BODY)).toMatchObject({ status: 503 });
  });
});

describe("shape", () => {
  it.each([
    "application/x-www-form-urlencoded",
    "text/json",
    "application/jsonp",
    "application/json; charset=latin1",
    "",
  ])("F008 refuses the content type “%s”", async (contentType) => {
    await using door = await openDoor();

    const answer = await deliver(door, BODY, { headers: { "content-type": contentType } });

    expect(answer.status).toBe(415);
  });

  it("F008 refuses a missing content type and a compressed body", async () => {
    await using door = await openDoor();

    expect(await deliver(door, BODY, { headers: { "content-type": undefined } })).toMatchObject({
      status: 415,
    });
    expect(await deliver(door, BODY, { headers: { "content-encoding": "gzip" } })).toMatchObject({
      status: 415,
    });
  });

  it("F008 takes JSON that names its character set", async () => {
    await using door = await openDoor();

    const answer = await deliver(door, BODY, {
      headers: { "content-type": "application/json; charset=utf-8" },
    });

    expect(answer.status).toBe(202);
  });

  it.each(["null", "[]", "42", '"x"', "true"])("F009 ignores a signed %s", async (body) => {
    await using door = await openDoor();

    expect(await deliver(door, body)).toMatchObject({ status: 202, text: '{"status":"ignored"}\n' });
    expect(door.accepted).toEqual([]);
  });

  it("F009 hands on an empty object, and refuses what is not JSON", async () => {
    await using door = await openDoor();

    expect(await deliver(door, "{}")).toMatchObject({ status: 202 });
    for (const body of ["", "{", "undefined", '{"a":1}{}', "NaN", `\ufeff{}`]) {
      expect(await deliver(door, body), body).toMatchObject({ status: 400 });
    }
    expect(door.accepted).toHaveLength(1);
  });

  it.each([
    ["100,000 nested arrays", "[".repeat(100_000) + "]".repeat(100_000)],
    ["50,000 nested objects", `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`],
    ["as many that never close", "[".repeat(100_000)],
  ])("F010 refuses %s without running out of stack", async (_, body) => {
    await using door = await openDoor();

    expect(await deliver(door, body)).toMatchObject({ status: 400 });
    expect(door.outcomes).toMatchObject([{ reason: "too_deep" }]);
  });

  it("F010 is not misled by brackets inside strings", async () => {
    await using door = await openDoor();
    const payload = { title: `\\"${"[{".repeat(500)}\\`, list: [[{ deep: ["]"] }]] };

    await deliver(door, JSON.stringify(payload));

    expect(door.accepted[0]?.payload).toEqual(payload);
  });

  it.each(["toString", "*", "issues.labeled", "Issues", "a".repeat(10_000), "", undefined])(
    "F011 refuses the event name “%s”",
    async (event) => {
      await using door = await openDoor();

      expect(await deliver(door, BODY, { headers: { "x-github-event": event } })).toMatchObject({
        status: 400,
      });
      expect(door.accepted).toEqual([]);
    },
  );

  it.each(["__proto__", "constructor", "error"])(
    "F011 takes the event name “%s” for a plain text",
    async (event) => {
      await using door = await openDoor();

      expect(await deliver(door, BODY, { headers: { "x-github-event": event } })).toMatchObject({
        status: 202,
      });
      expect(door.accepted).toMatchObject([{ event }]);
    },
  );

  it.each([
    '{"__proto__":{"isAdmin":true},"action":"x"}',
    '{"\\u005f\\u005fproto\\u005f\\u005f":{"isAdmin":true},"action":"x"}',
    '{"action":"x","nested":[{"__proto__":{"isAdmin":true}}]}',
    '{"action":"x","constructor":{"prototype":{"isAdmin":true}}}',
  ])("F012 lets %s change no prototype, not even of a copy", async (body) => {
    await using door = await openDoor();

    await deliver(door, body);

    const payload = door.accepted[0]?.payload as { nested?: object[] };
    const copy = Object.assign({}, payload, payload.nested?.[0]) as { isAdmin?: boolean; action?: string };
    expect(copy.action).toBe("x");
    expect(copy.isAdmin).toBeUndefined();
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  it.each([undefined, "", "1", `${GUID}0`, `{${GUID}}`, [GUID, GUID]])(
    "F013 refuses the delivery id %j",
    async (guid) => {
      await using door = await openDoor();

      expect(await deliver(door, BODY, { headers: { "x-github-delivery": guid } })).toMatchObject({
        status: 400,
      });
      expect(door.accepted).toEqual([]);
    },
  );

  it("F013 knows one delivery id in either case", async () => {
    await using door = await openDoor();

    await deliver(door, BODY, { headers: { "x-github-delivery": GUID.toUpperCase() } });

    expect(door.accepted[0]?.guid).toBe(GUID);
  });

  it("F015 refuses a delivery for another app", async () => {
    await using door = await openDoor();
    const target = "x-github-hook-installation-target-id";

    expect(await deliver(door, BODY, { headers: { [target]: "4712" } })).toMatchObject({ status: 403 });
    expect(await deliver(door, BODY, { headers: { [target]: "4711x" } })).toMatchObject({ status: 400 });
    expect(await deliver(door, BODY, { headers: { [target]: ["4711", "4711"] } })).toMatchObject({
      status: 400,
    });
    expect(door.accepted).toEqual([]);
  });

  it("F015 takes a delivery that names no app", async () => {
    await using door = await openDoor();

    await deliver(door, BODY, { headers: { "x-github-hook-installation-target-id": undefined } });

    expect(door.accepted).toMatchObject([{ installationTargetId: undefined }]);
  });

  it.each(["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])("answers %s with 405", async (method) => {
    await using door = await openDoor();

    const answer = await deliver(door, method === "PUT" ? BODY : "", { method });

    expect(answer).toMatchObject({ status: 405, headers: { allow: "POST" } });
  });

  it("leaves every other path to the next handler", async () => {
    await using door = await openDoor();

    for (const path of ["/", "/api/github/webhooks2", "/api/github", "/api/github/Webhooks"]) {
      expect(await deliver(door, BODY, { path }), path).toMatchObject({ status: 404 });
    }
    expect(door.outcomes).toEqual([]);
  });
});
