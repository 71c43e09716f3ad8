import type { Route } from "../http/route.ts";
import type { Delivery } from "../world/records.ts";
import { appRoutes } from "./app-routes.ts";
import { assigneeRoutes } from "./assignee-routes.ts";
import { collaboratorRoutes } from "./collaborator-routes.ts";
import { commentRoutes } from "./comment-routes.ts";
import { createDeliveryRoutes } from "./delivery-routes.ts";
import { dependencyRoutes } from "./dependency-routes.ts";
import { issueEventRoutes } from "./issue-event-routes.ts";
import { issueRoutes } from "./issue-routes.ts";
import { labelRoutes } from "./label-routes.ts";
import { reactionRoutes } from "./reaction-routes.ts";
import { repositoryRoutes } from "./repository-routes.ts";
import { userRoutes } from "./user-routes.ts";

/** Accounts, apps, repositories and issues. */
export function createCoreRoutes(redeliver: (delivery: Delivery) => void): readonly Route[] {
  return [
    ...appRoutes,
    ...createDeliveryRoutes(redeliver),
    ...userRoutes,
    ...repositoryRoutes,
    ...collaboratorRoutes,
    ...issueRoutes,
    ...issueEventRoutes,
    ...commentRoutes,
    ...labelRoutes,
    ...reactionRoutes,
    ...assigneeRoutes,
    ...dependencyRoutes,
  ];
}
