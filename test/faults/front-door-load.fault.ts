import { connect, type Socket } from "node:net";
import { expect, it } from "vitest";
import {
  deliver,
  deliveryHeaders,
  openDoor,
  requestHead,
  sendRaw,
} from "../adapters/github/receive/front-door.ts";

const MEBIBYTE = 1024 * 1024;
const MAX_BYTES = 25 * MEBIBYTE;

it("F006 takes 25 MiB exactly", async () => {
  await using door = await openDoor({ receive: { maxBytes: MAX_BYTES } });
  const body = Buffer.alloc(MAX_BYTES, 0x20);
  body.write("{}");

  expect(await deliver(door, body)).toMatchObject({ status: 202 });
  expect(await deliver(door, body, { chunked: true })).toMatchObject({ status: 202 });
});

it("F006 stays within 64 MiB of memory while a stranger sends 500 MiB in chunks", async () => {
  await using door = await openDoor({ receive: { maxBytes: MAX_BYTES } });
  const head = requestHead(deliveryHeaders("{}", { "transfer-encoding": "chunked" }));
  const block = Buffer.concat([Buffer.from("100000\r\n"), Buffer.alloc(MEBIBYTE, 0x20), Buffer.from("\r\n")]);
  const before = process.memoryUsage().rss;
  let highest = before;
  const watch = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage().rss);
  }, 5);

  const answer = await sendEndlessly(door.port, { head, block, times: 500 });
  clearInterval(watch);

  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  expect((highest - before) / MEBIBYTE).toBeLessThan(64);
});

it("F007 serves others while 1,000 connections stay half open, and closes those", async () => {
  await using door = await openDoor({ server: { headersTimeoutMs: 2_000 } });
  const halfOpen = await Promise.all(Array.from({ length: 1_000 }, () => openHalf(door.port)));
  const closed = Promise.all(
    halfOpen.map((socket) => new Promise((resolve) => socket.once("close", resolve))),
  );

  const answers = await Promise.all(Array.from({ length: 200 }, () => deliver(door, "{}")));

  expect(answers.filter(({ status }) => status !== 202)).toEqual([]);
  expect(await closed).toHaveLength(1_000);
});

it("F002 refuses 20,000 wrong signatures and keeps nothing of them", async () => {
  await using door = await openDoor();
  const wrong = requestHead(
    deliveryHeaders("{}", { "content-length": "2", "x-hub-signature-256": `sha256=${"0".repeat(64)}` }),
  );
  const last = wrong.replace("host:", "connection: close\r\nhost:");

  for (let batch = 0; batch < 20; batch += 1) {
    const pipelined = [...Array<string>(999).fill(`${wrong}{}`), `${last}{}`].join("");
    const answers = await sendRaw(door, pipelined);
    expect(answers.match(/HTTP\/1\.1 401 /g)).toHaveLength(1_000);
  }

  expect(door.accepted).toEqual([]);
});

interface Stream {
  readonly head: string;
  readonly block: Uint8Array;
  readonly times: number;
}

/** Writes on, whatever comes back, until the door hangs up. */
function sendEndlessly(port: number, { head, block, times }: Stream): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    let left = times;
    const socket = connect(port, "127.0.0.1");
    const pump = () => {
      while (left > 0 && socket.writable) {
        left -= 1;
        if (!socket.write(block)) return;
      }
    };
    socket.on("connect", () => {
      socket.write(head);
      pump();
    });
    socket.on("drain", pump);
    socket.on("data", (chunk: Buffer) => {
      answer += chunk.toString("latin1");
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
  });
}

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
