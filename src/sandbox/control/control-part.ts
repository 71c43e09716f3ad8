import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { type Part, readBody } from "../http/create-server.ts";
import { CONTROL_COMMANDS } from "./control-commands.ts";
import type { SandboxControl } from "./create-control.ts";

const PREFIX = "/_sandbox/";

/** Serves the control functions as JSON under `/_sandbox/`. */
export function createControlPart(control: SandboxControl): Part {
  return async (request, response) => {
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    if (!path.startsWith(PREFIX)) return false;
    const { status, body } = await answer(control, request, path.slice(PREFIX.length));
    sendJson(response, status, body);
    return true;
  };
}

interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

async function answer(
  control: SandboxControl,
  request: IncomingMessage,
  name: string,
): Promise<ControlAnswer> {
  const command = Object.hasOwn(CONTROL_COMMANDS, name) ? CONTROL_COMMANDS[name] : undefined;
  if (!command) return { status: 404, body: { message: `there is no control function "${name}"` } };
  if (request.method !== command.method) return { status: 405, body: { message: `use ${command.method}` } };
  // A web page of another site must not steer the sandbox through a visitor's browser.
  if (isForeign(request)) return { status: 403, body: { message: "cross-site requests are refused" } };
  try {
    return { status: 200, body: (await command.run(control, await readJson(request))) ?? {} };
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    return { status: 422, body: { message } };
  }
}

function isForeign({ headers: { origin, host } }: IncomingMessage): boolean {
  return origin !== undefined && origin !== `http://${host}`;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request);
  if (body === "too large") throw new Error("the body is larger than 8 MB");
  return body.length === 0 ? {} : JSON.parse(new TextDecoder().decode(body));
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(body));
}
