import fc from "fast-check";
import { deliveryHeaders, exchangeInMemory, GUID, openDoor, requestHead, sign } from "./front-door.ts";

/** One delivery as bytes on the wire; the signature is valid more often than not, so that the payload is reached. */
export interface HostileDelivery {
  readonly head: string;
  readonly body: Uint8Array;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Mutation = (payload: Json) => Json;

const PAYLOAD: Json = {
  action: "labeled",
  issue: {
    id: 2_147_483_648,
    number: 3,
    title: "Improve the model",
    body: "r2 ≥ 0.65\r\n\r\n/orchestrate run",
    user: { id: 7, login: "ada", type: "User" },
    labels: [{ id: 1, name: "autopilot", color: "ff0000", default: false }],
    milestone: null,
    state: "open",
    created_at: "2026-01-02T03:04:05Z",
  },
  label: { id: 1, name: "autopilot" },
  repository: { id: 5, name: "r", full_name: "o/r", private: true, owner: { id: 9, login: "o" } },
  sender: { id: 7, login: "ada", type: "User" },
  installation: { id: 12 },
};

const oddKey = fc.constantFrom(
  ...[
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "then",
    "toJSON",
    "length",
    "",
    "\u0000",
    "0",
    "\ud800",
  ],
);
const oddValue: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json[]>(
    null,
    true,
    0,
    -1,
    1e308,
    2 ** 53,
    "",
    "\u0000",
    "\ud800",
    "\u202e",
    [],
    {},
    [[]],
    "[{",
  ),
  fc.constantFrom(20, 99, 150, 1_000).map((depth) => nest(depth)),
  fc.constantFrom(1_000, 70_000).map((length) => "x".repeat(length)),
  fc.string({ unit: "binary" }),
  fc.jsonValue({ maxDepth: 4 }).map((value) => value as Json),
);
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(fc.nat(), oddValue).map(
    ([at, value]): Mutation =>
      (payload) =>
        replaceAt(payload, at, () => structuredClone(value)),
  ),
  fc.tuple(fc.nat(), oddKey, oddValue).map(
    ([at, key, value]): Mutation =>
      (payload) =>
        replaceAt(payload, at, (old) => withField(old, key, structuredClone(value))),
  ),
  fc.constant<Mutation>((payload) => [payload]),
);

const payloadText = fc
  .array(mutation, { maxLength: 4 })
  .map((mutations) => mutations.reduce<Json>((payload, mutate) => mutate(payload), structuredClone(PAYLOAD)))
  .map((payload) => JSON.stringify(payload));

type Spoil = (bytes: Buffer) => Buffer;
const spoil: fc.Arbitrary<Spoil> = fc.oneof(
  { arbitrary: fc.constant<Spoil>((bytes) => bytes), weight: 6 },
  {
    arbitrary: fc.nat().map(
      (at): Spoil =>
        (bytes) =>
          bytes.subarray(0, at % (bytes.length + 1)),
    ),
    weight: 1,
  },
  {
    arbitrary: fc.tuple(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 8 })).map(
      ([at, noise]): Spoil =>
        (bytes) =>
          insert(bytes, at % (bytes.length + 1), noise),
    ),
    weight: 2,
  },
  {
    arbitrary: fc.nat().map(
      (at): Spoil =>
        (bytes) => {
          const copy = Buffer.from(bytes);
          if (copy.length > 0) copy[at % copy.length] = at % 256;
          return copy;
        },
    ),
    weight: 2,
  },
);

const eventName = fc.oneof(
  {
    arbitrary: fc.constantFrom("issues", "issue_comment", "pull_request", "check_run", "ping", "push"),
    weight: 6,
  },
  {
    arbitrary: fc.constantFrom("__proto__", "constructor", "toString", "*", "error", "a".repeat(10_000), ""),
    weight: 1,
  },
  { arbitrary: fc.string({ unit: "binary-ascii", maxLength: 12 }), weight: 1 },
);
const guid = fc.oneof(
  { arbitrary: fc.uuid(), weight: 8 },
  { arbitrary: fc.constantFrom("", "__proto__", `${GUID}, ${GUID}`, "\r\nx: y", "\u00ff"), weight: 1 },
);
const contentType = fc.oneof(
  { arbitrary: fc.constant("application/json"), weight: 12 },
  {
    arbitrary: fc.constantFrom("", "text/plain", "application/json;;", "application/json; charset=utf-8"),
    weight: 1,
  },
);
const otherHeaders = fc.oneof(
  { arbitrary: fc.constant({}), weight: 12 },
  {
    arbitrary: fc.constantFrom<Record<string, string>>(
      { "x-github-hook-installation-target-id": "0" },
      { "x-github-hook-installation-target-id": "9".repeat(400) },
      { "x-hub-signature-256": `sha256=${"0".repeat(64)}` },
      { "x-hub-signature-256": "sha256=" },
      { "content-encoding": "gzip" },
      { expect: "100-continue" },
      { "x-http-method-override": "GET" },
    ),
    weight: 2,
  },
);

export const hostileDelivery: fc.Arbitrary<HostileDelivery> = fc
  .record({ text: payloadText, spoil, eventName, guid, contentType, otherHeaders })
  .map((parts) => {
    const body = parts.spoil(Buffer.from(parts.text));
    const head = requestHead(
      deliveryHeaders(body, {
        connection: "close",
        "content-length": String(body.length),
        "content-type": parts.contentType,
        "x-github-event": parts.eventName,
        "x-github-delivery": parts.guid,
        "x-hub-signature-256": sign(body),
        ...parts.otherHeaders,
      }),
    );
    return { head, body };
  });

/** How often each status was answered over a number of hostile deliveries; throws at the first answer of 500 or above. */
export async function sendHostileDeliveries(run: {
  numRuns: number;
  seed: number;
}): Promise<Map<number, number>> {
  await using door = await openDoor({
    receive: {
      accept: async ({ event, payload }) => {
        // What a store does with a payload: writing it, copying it, and choosing by its event.
        JSON.stringify(structuredClone(payload));
        return Object.hasOwn({ issues: 1, push: 1 }, event) ? "stored" : "ignored";
      },
      observe: () => undefined,
    },
  });
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(hostileDelivery, async ({ head, body }) => {
      const status = await exchangeInMemory(door.server, head, body);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      return status >= 200 && status < 500;
    }),
    run,
  );
  if (door.errors.length > 0) throw new Error("A handler threw", { cause: door.errors[0] });
  return statuses;
}

function nest(depth: number): Json {
  let value: Json = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** Replaces the value at the n-th place of a payload, counted around. */
function replaceAt(payload: Json, at: number, change: (old: Json) => Json): Json {
  const places = listPlaces(payload);
  const place = places[at % Math.max(1, places.length)];
  if (!place) return change(payload);
  place.holder[place.key] = change(place.holder[place.key] ?? null);
  return payload;
}

interface Place {
  readonly holder: Record<string, Json>;
  readonly key: string;
}

function listPlaces(root: Json): readonly Place[] {
  const places: Place[] = [];
  const waiting: Json[] = [root];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== "object" || value === null) continue;
    const holder = value as Record<string, Json>;
    for (const key of Object.keys(holder)) {
      places.push({ holder, key });
      waiting.push(holder[key] ?? null);
    }
  }
  return places;
}

function withField(value: Json, key: string, field: Json): Json {
  const fields = typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
  const changed = { ...fields };
  Object.defineProperty(changed, key, { value: field, enumerable: true, configurable: true, writable: true });
  return changed;
}

function insert(bytes: Buffer, at: number, noise: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
}
