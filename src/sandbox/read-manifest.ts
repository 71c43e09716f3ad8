import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { z } from "zod";
import type { AppOptions } from "./world/create-world.ts";

type Grants = Pick<AppOptions, "permissions" | "events">;

const manifestSchema = z.object({
  default_permissions: z.record(z.string(), z.enum(["read", "write"])),
  default_events: z.array(z.string()),
});

/** What an app gets when no manifest says less. */
const ALL_GRANTS: Grants = {
  permissions: {
    actions: "write",
    administration: "read",
    checks: "write",
    contents: "write",
    issues: "write",
    members: "read",
    metadata: "read",
    pull_requests: "write",
    statuses: "write",
  },
  events: [
    ...[
      "check_run",
      "check_suite",
      "create",
      "delete",
      "issue_comment",
      "issue_dependencies",
      "issues",
      "label",
    ],
    ...["member", "merge_group", "pull_request", "pull_request_review", "push", "repository", "status"],
    ...["workflow_dispatch", "workflow_job", "workflow_run"],
  ],
};

/** Reads permissions and events from an app manifest (`app.yml`). */
export function readManifest(file: string | undefined): Grants {
  if (file === undefined) return ALL_GRANTS;
  const parsed = manifestSchema.safeParse(load(readFileSync(file, "utf8")));
  if (!parsed.success) throw new Error(`${file} is not an app manifest: ${z.prettifyError(parsed.error)}`);
  return { permissions: parsed.data.default_permissions, events: parsed.data.default_events };
}
