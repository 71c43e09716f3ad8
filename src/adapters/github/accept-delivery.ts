import type { Inbox } from "../../ports/inbox.ts";
import type { AcceptResult, WebhookRequest } from "./receive/receiver.ts";
import { type TranslatedDelivery, translate } from "./register.ts";
import type { OwnIds } from "./webhooks/webhook-row.ts";

/** Takes its part of the payload at once, so that nothing holds the payload while the delivery is being stored. */
export function acceptDelivery(
  { guid, event: name, payload }: WebhookRequest,
  { inbox, own }: { readonly inbox: Inbox; readonly own: OwnIds },
): Promise<AcceptResult> {
  return store({ guid, name, ...translate(name, payload, own) }, inbox);
}

/** Everything of a delivery is stored before the answer; a second repository of one delivery is an event of its own. */
async function store(
  { events, ...delivery }: TranslatedDelivery & { readonly guid: string; readonly name: string },
  inbox: Inbox,
): Promise<AcceptResult> {
  const [first, ...rest] = events;
  for (const [index, event] of rest.entries()) await inbox.send(event, `${delivery.guid}:${index + 1}`);
  return inbox.accept({ ...delivery, event: first ?? null });
}
