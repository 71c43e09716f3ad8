import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTour } from "./start-tour.ts";

type Tour = Awaited<ReturnType<typeof startTour>>;

const COMMENTS = "/repos/acme/demo/issues/1/comments";
let tour: Tour;
let token: string;

beforeEach(async () => {
  tour = await startTour();
  token = await tour.installed();
  await tour.ask("POST", "/repos/acme/demo/issues", { token, body: { title: "x" } });
});

afterEach(async () => {
  await tour.close();
});

async function countComments(): Promise<number> {
  return (await tour.ask("GET", COMMENTS, { token })).json.length;
}

const comment = () => tour.ask("POST", COMMENTS, { token, body: { body: "hello" } });

describe("failNext", () => {
  it("F064 fails a write after it took effect", async () => {
    tour.control.failNext({ method: "POST", pathPattern: "/comments$", status: 502, applied: true });

    const reply = await comment();

    expect(reply.status).toBe(502);
    expect(await countComments()).toBe(1);
    const write = tour.sandbox.world.history.findLast((entry) => entry.kind === "request");
    expect(write).toMatchObject({ status: 502, applied: true, fault: "applied" });
  });

  it("F065 fails a write before it takes effect, as often as asked", async () => {
    tour.control.failNext({
      method: "POST",
      status: 503,
      times: 2,
      applied: false,
      headers: { "Retry-After": "7" },
    });

    const first = await comment();
    const replies = [first, await comment(), await comment()];

    expect(replies.map((reply) => reply.status)).toEqual([503, 503, 201]);
    expect(first.headers.get("retry-after")).toBe("7");
    expect(await countComments()).toBe(1);
  });

  it("leaves requests alone that do not match", async () => {
    tour.control.failNext({ method: "DELETE", status: 500, applied: false });
    tour.control.failNext({ pathPattern: "^/nowhere", status: 500, applied: false });

    expect((await comment()).status).toBe(201);
  });

  it("F073 keeps an answer back for the time asked", async () => {
    tour.control.failNext({ pathPattern: "/comments$", applied: true, hang: 80 });
    const started = performance.now();

    const reply = await comment();

    expect(reply.status).toBe(201);
    expect(performance.now() - started).toBeGreaterThan(75);
  });

  it("F064 breaks the connection after the write took effect", async () => {
    tour.control.failNext({ method: "POST", applied: true, dropConnection: true });

    await expect(comment()).rejects.toThrow();
    expect(await countComments()).toBe(1);
  });

  it("F074 answers a page of HTML where JSON was meant", async () => {
    tour.control.failNext({
      status: 200,
      body: "<html>",
      headers: { "content-type": "text/html" },
      applied: false,
    });

    const reply = await tour.ask("GET", COMMENTS, { token });

    expect(reply.text).toBe("<html>");
  });
});
