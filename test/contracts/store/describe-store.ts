import { afterAll, afterEach, beforeAll, describe } from "vitest";
import type { OpenHarness, StoreHarness } from "../../support/store.ts";
import { describeAudit } from "./audit.ts";
import { describeFences } from "./fences.ts";
import { describeHotQueries } from "./hot-queries.ts";
import { describeInbox } from "./inbox.ts";
import { describeLedger } from "./ledger.ts";
import { describeOutbox } from "./outbox.ts";
import { describePlans } from "./plans.ts";
import { describePulls } from "./pulls.ts";
import { describeSessions } from "./sessions.ts";
import { describeSmallStores } from "./small-stores.ts";
import { describeStops } from "./stops.ts";
import type { StoreSuite } from "./store-suite.ts";
import { createSuite } from "./store-suite.ts";

const PARTS: readonly ((suite: StoreSuite) => void)[] = [
  describeInbox,
  describeFences,
  describeLedger,
  describeOutbox,
  describeAudit,
  describeSmallStores,
  describePlans,
  describePulls,
  describeStops,
  describeSessions,
  describeHotQueries,
];

/** What every store must do, whichever database is below it. */
export function describeStore(name: string, open: OpenHarness): void {
  describe(`store on ${name}`, () => {
    let harness: StoreHarness;
    const suite = createSuite(() => harness);
    beforeAll(async () => {
      harness = await open();
    });
    afterEach(async () => {
      await suite.stopWorkers();
      await harness.reset();
    });
    afterAll(() => harness.close());
    for (const part of PARTS) part(suite);
  });
}
