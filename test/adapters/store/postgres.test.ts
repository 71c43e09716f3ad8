import { describe, it } from "vitest";
import { describeStore } from "../../contracts/store/describe-store.ts";
import { describeReplicas } from "../../contracts/store/replicas.ts";
import { openPostgresHarness } from "../../support/store.ts";

const { TEST_DATABASE_URL } = process.env;

if (TEST_DATABASE_URL === undefined) {
  // Not in a hook: none runs where every test is skipped.
  process.stdout.write("PostgreSQL half left out: TEST_DATABASE_URL is not set\n");
  describe("store on PostgreSQL", () => {
    it.skip("is left out: TEST_DATABASE_URL is not set", () => {});
  });
} else {
  describeStore("PostgreSQL", () => openPostgresHarness(TEST_DATABASE_URL));
  describeReplicas(TEST_DATABASE_URL);
}
