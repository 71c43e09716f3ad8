import { createHmac, generateKeyPairSync } from "node:crypto";
import { type Logger, pino } from "pino";
import { Probot } from "probot";
import { describe, expect, it } from "vitest";
import { createLog } from "../../../../src/log.ts";
import { type Door, deliver, openDoor, PATH, sign } from "./front-door.ts";

const BODY = JSON.stringify({ action: "opened" });
const DEFAULT_SIGNATURE = sign(BODY, "development");

/** What Probot puts in front of its handlers when nobody stands before it. */
async function createStockDoor(log: Logger = pino({ level: "silent" })) {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const probot = new Probot({ appId: 1, privateKey, log });
  await probot.ready();
  const received: string[] = [];
  probot.onAny((event) => {
    received.push(event.name);
  });
  const middleware = await probot.getNodeMiddleware({ path: PATH });
  return {
    received,
    middleware: async (...args: Parameters<typeof middleware>) => Boolean(await middleware(...args)),
  };
}

/** Stock middleware alone on the path, by a receiver that stands somewhere else. */
function openStockDoor(middleware: Awaited<ReturnType<typeof createStockDoor>>["middleware"]): Promise<Door> {
  return openDoor({ receive: { path: "/elsewhere" }, behind: [middleware] });
}

describe("stock defect 1, the default secret", () => {
  const signedByAnyone = { headers: { "x-hub-signature-256": DEFAULT_SIGNATURE } };

  it("opens the stock door to whoever signs with “development”", async () => {
    const stock = await createStockDoor();
    await using door = await openStockDoor(stock.middleware);

    expect(await deliver(door, BODY, signedByAnyone)).toMatchObject({ status: 200 });
    expect(stock.received).toEqual(["issues"]);
  });

  it.each([
    PATH,
    `${PATH}/`,
    `${PATH}//`,
    `${PATH}?a=/`,
    "/api/x/../github/webhooks",
    "/api/./github/webhooks/",
    `http://other${PATH}`,
  ])("is out of reach behind ours, by way of %s", async (path) => {
    const stock = await createStockDoor();
    await using door = await openDoor({ behind: [stock.middleware] });

    expect(await deliver(door, BODY, { ...signedByAnyone, path })).toMatchObject({ status: 401 });
    expect(stock.received).toEqual([]);
  });

  it("is out of reach by any method, header or broken address", async () => {
    const stock = await createStockDoor();
    await using door = await openDoor({ behind: [stock.middleware] });

    const answers = [
      await deliver(door, "", { method: "GET" }),
      await deliver(door, BODY, { ...signedByAnyone, path: "//[" }),
      await deliver(door, BODY, { headers: { "content-type": "application/json;x" } }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([405, 400, 415]);
    expect(answers.map(({ text }) => text).join("")).not.toContain("[");
  });
});

describe("stock defect 2, the logged payload", () => {
  const canary = "patient-record-0815";
  const body = JSON.stringify({ text: canary.repeat(10_000) });
  const unsigned = { headers: { "x-hub-signature-256": sign("something else") } };

  it("fills the stock log with what a stranger sent", async () => {
    const lines: string[] = [];
    const stock = await createStockDoor(pino({ level: "info" }, { write: (line) => lines.push(line) }));
    await using door = await openStockDoor(stock.middleware);

    await deliver(door, body, unsigned);

    expect(lines.join("")).toContain(canary);
  });

  it("leaves a few hundred bytes in ours, and none of the payload", async () => {
    const lines: string[] = [];
    const log = createLog({ level: "trace", destination: { write: (line) => lines.push(line) } });
    await using door = await openDoor({
      receive: { observe: (outcome) => log.warn(outcome, "Delivery refused") },
    });

    await deliver(door, body, unsigned);

    expect(lines).toHaveLength(1);
    expect(lines.join("").length).toBeLessThan(500);
    expect(lines.join("")).not.toContain(canary);
  });

  it("sets no limit to a body there, and one here", async () => {
    const large = JSON.stringify("x".repeat(2 * 1024 * 1024));
    const stock = await createStockDoor();
    await using stockDoor = await openStockDoor(stock.middleware);
    await using door = await openDoor();
    const signed = (secret?: string) => ({ headers: { "x-hub-signature-256": sign(large, secret) } });

    expect(await deliver(stockDoor, large, signed("development"))).not.toMatchObject({ status: 413 });
    expect(await deliver(door, large, { ...signed(), chunked: true })).toMatchObject({ status: 413 });
  });
});

describe("stock defects on odd input", () => {
  it.each(["null", "42", '"x"', "true"])("F009 a signed %s is a 500 there and ignored here", async (body) => {
    const stock = await createStockDoor();
    await using stockDoor = await openStockDoor(stock.middleware);
    await using door = await openDoor();
    const signedByAnyone = { headers: { "x-hub-signature-256": sign(body, "development") } };

    expect(await deliver(stockDoor, body, signedByAnyone)).toMatchObject({ status: 500 });
    expect(await deliver(door, body)).toMatchObject({ status: 202 });
  });

  it("F011 the event “__proto__” is a 500 there and a plain name here", async () => {
    const stock = await createStockDoor();
    await using stockDoor = await openStockDoor(stock.middleware);
    await using door = await openDoor();
    const event = { "x-github-event": "__proto__" };

    const there = await deliver(stockDoor, BODY, {
      headers: { ...event, "x-hub-signature-256": DEFAULT_SIGNATURE },
    });

    expect(there).toMatchObject({ status: 500 });
    expect(await deliver(door, BODY, { headers: event })).toMatchObject({ status: 202 });
  });

  it("F004 signed bytes that are not UTF-8 fail verification there and pass it here", async () => {
    const stock = await createStockDoor();
    await using stockDoor = await openStockDoor(stock.middleware);
    await using door = await openDoor();
    const body = Buffer.from([0x22, 0xff, 0x22]);
    const signature = `sha256=${createHmac("sha256", "development").update(body).digest("hex")}`;

    await deliver(door, body);

    expect(await deliver(stockDoor, body, { headers: { "x-hub-signature-256": signature } })).toMatchObject({
      status: 400,
    });
    expect(door.outcomes).toMatchObject([{ reason: "not_utf8" }]);
  });
});
