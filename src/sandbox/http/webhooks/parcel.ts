import type { Delivery } from "../../world/records.ts";

/** A webhook on its way to the app. */
export type Parcel = Pick<
  Delivery,
  "guid" | "event" | "action" | "installationId" | "repositoryId" | "payload" | "redelivery"
>;
