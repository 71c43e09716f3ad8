import { connect, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { deliver, deliveryHeaders, openDoor, PATH, requestHead, sendRaw } from "./front-door.ts";

describe("createHttpServer", () => {
  it("asks its handlers in order until one has answered", async () => {
    const asked: string[] = [];
    const behind = [
      () => {
        asked.push("first");
        return false;
      },
      (_: unknown, response: { end(text: string): unknown }) => {
        asked.push("second");
        response.end("page");
        return true;
      },
      () => {
        asked.push("third");
        return true;
      },
    ];
    await using door = await openDoor({ behind });

    expect(await deliver(door, "", { method: "GET", path: "/" })).toMatchObject({
      status: 200,
      text: "page",
    });
    expect(asked).toEqual(["first", "second"]);
  });

  it("answers 404 when nobody answers", async () => {
    await using door = await openDoor();

    expect(await deliver(door, "", { method: "GET", path: "/x" })).toMatchObject({
      status: 404,
      text: '{"error":"not found"}\n',
    });
  });

  it("tells a thrown error to the operator and nothing of it to the sender", async () => {
    const error = new Error("password=hunter2");
    await using door = await openDoor({
      behind: [
        () => {
          throw error;
        },
      ],
    });

    const answer = await deliver(door, "", { method: "GET", path: "/" });

    expect(answer).toMatchObject({ status: 500, text: '{"error":"internal error"}\n' });
    expect(door.errors).toEqual([error]);
  });

  it("cuts an answer that a handler began and could not finish", async () => {
    await using door = await openDoor({
      behind: [
        (_, response) => {
          response.writeHead(200, { "content-length": 100 }).write("half");
          throw new Error("broken");
        },
      ],
    });

    await expect(deliver(door, "", { method: "GET", path: "/" })).rejects.toThrow();
    expect(door.errors).toHaveLength(1);
  });

  it("names neither itself nor its version", async () => {
    await using door = await openDoor();

    const { headers } = await deliver(door, "", { method: "GET", path: "/" });

    expect(Object.keys(headers)).not.toContain("server");
    expect(Object.keys(headers)).not.toContain("x-powered-by");
  });

  it.each([
    ["a header section of 17 KiB", `GET / HTTP/1.1\r\nhost: x\r\nx: ${"a".repeat(17 * 1024)}\r\n\r\n`, 431],
    ["a request without a host", "GET / HTTP/1.1\r\n\r\n", 400],
    [
      "two lengths",
      `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n`,
      400,
    ],
    [
      "a length and chunks",
      `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n`,
      400,
    ],
    ["noise", "\u0000\u0001\u0002\r\n\r\n", 400],
  ])("refuses %s and hangs up", async (_, text, status) => {
    await using door = await openDoor();

    const answer = await sendRaw(door, text);

    expect(answer.startsWith(`HTTP/1.1 ${status} `)).toBe(true);
    expect(door.accepted).toEqual([]);
  });

  it("F007 closes connections that never finish their headers while others are served", async () => {
    await using door = await openDoor({ server: { headersTimeoutMs: 300 } });
    const lingering = await Promise.all(Array.from({ length: 100 }, () => openHalf(door.port)));
    const closed = Promise.all(lingering.map(untilClosed));

    const answers = await Promise.all(Array.from({ length: 20 }, () => deliver(door, "{}")));

    expect(answers.every(({ status }) => status === 202)).toBe(true);
    expect(await closed).toHaveLength(100);
  });

  it("F007 closes a connection whose body trickles in for too long", async () => {
    await using door = await openDoor({ server: { headersTimeoutMs: 200, requestTimeoutMs: 300 } });

    const answer = await sendRaw(door, requestHead(deliveryHeaders("{}", { "content-length": "2" })), "{");

    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(door.outcomes).toMatchObject([{ kind: "aborted", bytes: 1 }]);
  });
});

function openHalf(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.write("POST / HTTP/1.1\r\nx-slow: ");
      resolve(socket);
    });
    socket.on("error", () => undefined);
    socket.resume();
  });
}

function untilClosed(socket: Socket): Promise<true> {
  return new Promise((resolve) => {
    socket.once("close", () => resolve(true));
  });
}
