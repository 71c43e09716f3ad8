import type { AppRegistration, Installation } from "../world/records.ts";
import type { World } from "../world/world.ts";
import { nodeId } from "./node-id.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import { presentUser } from "./user.ts";

/** Events newer than GitHub's own list of what the app inside a webhook may name. */
const UNLISTED_EVENTS = new Set(["issue_dependencies", "sub_issues", "workflow_job", "merge_group"]);

/** Permissions newer than some of GitHub's own lists of what an app may name. */
const UNLISTED_PERMISSIONS = new Set(["merge_queues"]);

function listedPermissions({ permissions }: AppRegistration): AppRegistration["permissions"] {
  return Object.fromEntries(Object.entries(permissions).filter(([name]) => !UNLISTED_PERMISSIONS.has(name)));
}

/** The `integration` as other records embed it. */
export function presentApp(world: World, app: AppRegistration) {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId("A", app.id),
    owner: presentUser(world, app.owner),
    name: app.name,
    description: null,
    external_url: `${world.baseUrl()}/ui/apps/${app.slug}`,
    html_url: `${world.baseUrl()}/ui/apps/${app.slug}`,
    created_at: timestamp(app.createdAt),
    updated_at: timestamp(app.createdAt),
    permissions: listedPermissions(app),
    events: app.events.filter((event) => !UNLISTED_EVENTS.has(event)),
  };
}

/** The app with this id, as an embedded `integration`; null for people and forgotten apps. */
export function presentAppById(world: World, appId: number | null) {
  const app = [world.app, world.actionsApp].find((known) => known?.id === appId);
  return app ? presentApp(world, app) : null;
}

export function presentInstallation(world: World, app: AppRegistration, installation: Installation) {
  const { id, account } = installation;
  return {
    id,
    account: presentUser(world, account),
    repository_selection: "selected",
    access_tokens_url: `${world.baseUrl()}/app/installations/${id}/access_tokens`,
    repositories_url: `${world.baseUrl()}/installation/repositories`,
    html_url: `${world.baseUrl()}/ui/settings/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: listedPermissions(app),
    events: app.events,
    created_at: timestamp(installation.createdAt),
    updated_at: timestamp(installation.createdAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: installation.suspendedAt === null ? null : presentUser(world, account),
    suspended_at: timestampOrNull(installation.suspendedAt),
  };
}
