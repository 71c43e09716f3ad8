import { describeStore } from "../../contracts/store/describe-store.ts";
import { openEmbeddedHarness } from "../../support/store.ts";

describeStore("the embedded database", openEmbeddedHarness);
