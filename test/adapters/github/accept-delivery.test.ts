import { readFileSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { acceptDelivery } from "../../../src/adapters/github/accept-delivery.ts";
import type { Inbox, IncomingDelivery } from "../../../src/ports/inbox.ts";
import { APP_ID, deliver, GUID, openDoor } from "./receive/front-door.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const PAYLOAD = readFileSync(
  new URL("../../../fixtures/webhooks/issues.edited.json", import.meta.url),
  "utf8",
);

/** An inbox whose commits take until they are let through. */
function openSlowInbox() {
  const { promise: committed, resolve: commit } = Promise.withResolvers<"stored">();
  const { promise: began, resolve: begin } = Promise.withResolvers<IncomingDelivery>();
  const inbox: Inbox = {
    accept: (delivery) => {
      begin(delivery);
      return committed;
    },
    send: () => committed.then(() => undefined),
    work: () => Promise.reject(new Error("nobody works here")),
  };
  return { inbox, began, commit };
}

it("F061 holds no payload while its delivery is being stored", async () => {
  const { inbox, began, commit } = openSlowInbox();
  let seen: WeakRef<object> | undefined;
  await using door = await openDoor({
    receive: {
      accept: (delivery) => {
        seen = new WeakRef(Object(delivery.payload));
        return acceptDelivery(delivery, { inbox, own: { appId: APP_ID } });
      },
    },
  });

  const answer = deliver(door, PAYLOAD);
  const stored = await began;
  // A weak reference holds its object until the turn ends.
  await nextTurn();
  collectGarbage();

  expect(seen).toBeDefined();
  expect(seen?.deref()).toBeUndefined();
  expect(stored).toMatchObject({
    guid: GUID,
    name: "issues",
    action: "edited",
    event: { kind: "issue.edited" },
  });
  commit("stored");
  expect(await answer).toMatchObject({ status: 202 });
});
