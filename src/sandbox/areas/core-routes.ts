import type { Route } from "../http/route.ts";
import type { Delivery } from "../world/records.ts";
import { appRoutes } from "./apps/app-routes.ts";
import { createDeliveryRoutes } from "./apps/delivery-routes.ts";
import { commentRoutes } from "./issues/comment-routes.ts";
import { dependencyRoutes } from "./issues/dependency-routes.ts";
import { issueEventRoutes } from "./issues/issue-event-routes.ts";
import { issueRoutes } from "./issues/issue-routes.ts";
import { reactionRoutes } from "./issues/reaction-routes.ts";
import { labelRoutes } from "./labels/label-routes.ts";
import { assigneeRoutes } from "./people/assignee-routes.ts";
import { collaboratorRoutes } from "./people/collaborator-routes.ts";
import { teamRoutes } from "./people/team-routes.ts";
import { userRoutes } from "./people/user-routes.ts";
import { repositoryRoutes } from "./repositories/repository-routes.ts";

/** Accounts, apps, repositories and issues. */
export function createCoreRoutes(redeliver: (delivery: Delivery) => void): readonly Route[] {
  return [
    ...appRoutes,
    ...createDeliveryRoutes(redeliver),
    ...userRoutes,
    ...teamRoutes,
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
