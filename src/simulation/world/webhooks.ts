import type { Event } from "../../core/events.ts";
import { MINUTE_MS, SECOND_MS, type SimulationContext } from "../context.ts";

interface Delivery {
  readonly guid: string;
  readonly event: Event;
  readonly sentAt: number;
}

type Take = (guid: string, event: Event) => "stored" | "duplicate" | "failed";

/** The way from GitHub to the app, on which deliveries get lost, come late, twice, or in another order. */
export class Webhooks {
  readonly #context: SimulationContext;
  readonly #take: Take;
  readonly #failed: Delivery[] = [];
  #serial = 0;

  constructor(context: SimulationContext, take: Take) {
    this.#context = context;
    this.#take = take;
  }

  send(event: Event): void {
    const { faults } = this.#context;
    const delivery = this.#wrap(event);
    if (faults.hits("webhook.lost")) return;
    this.#arrive(delivery, this.#travel());
    if (faults.hits("webhook.doubled")) this.#arrive(delivery, this.#travel() + 2 * SECOND_MS);
    if (faults.hits("webhook.twinned")) this.#arrive(this.#wrap(event), this.#travel());
  }

  #wrap(event: Event): Delivery {
    const { timeline, recorder } = this.#context;
    this.#serial += 1;
    const delivery = { guid: `guid-${this.#serial}`, event, sentAt: timeline.now };
    recorder.add({ kind: "sent", at: timeline.now, guid: delivery.guid, event });
    return delivery;
  }

  /** Sends again what was not taken since a moment. */
  redeliver(since: number): { readonly redelivered: number; readonly newest: number } {
    const due = this.#failed.filter(({ sentAt }) => sentAt >= since);
    this.#failed.length = 0;
    for (const delivery of due) this.#arrive(delivery, SECOND_MS);
    // Deliveries that are on their way now may still fail.
    return { redelivered: due.length, newest: this.#context.timeline.now - 10 * MINUTE_MS };
  }

  #travel(): number {
    const { faults, random } = this.#context;
    if (faults.hits("webhook.late")) return faults.random.skewed(MINUTE_MS, 40 * MINUTE_MS);
    if (faults.hits("webhook.reordered")) return faults.random.between(0, 20 * SECOND_MS);
    return random.between(300, 1500);
  }

  #arrive(delivery: Delivery, ms: number): void {
    const { timeline, faults, recorder } = this.#context;
    timeline.at(timeline.now + ms, () => {
      const { guid, event } = delivery;
      const answer = faults.hits("webhook.failed") ? "failed" : this.#take(guid, event);
      recorder.add({ kind: "received", at: timeline.now, guid, answer });
      if (answer === "failed") this.#failed.push({ ...delivery, sentAt: timeline.now });
    });
  }
}
