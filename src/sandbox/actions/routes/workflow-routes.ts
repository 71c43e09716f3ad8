import { paginate } from "../../http/paginate.ts";
import { type Call, Refusal, type Route } from "../../http/route.ts";
import type { Workflow } from "../../world/records.ts";
import { presentWorkflow } from "../present/present-workflow.ts";
import { findWorkflow, listWorkflows } from "../records/workflow-records.ts";

const BASE = "/repos/{owner}/{repo}/actions/workflows";
export const READ = { permission: "actions", level: "read" } as const;
export const WRITE = { permission: "actions", level: "write" } as const;

export const workflowRoutes: readonly Route[] = [
  {
    method: "GET",
    path: BASE,
    access: READ,
    handle(call) {
      const workflows = listWorkflows(call.world, call.repo);
      const { items, headers } = paginate(call, workflows);
      const shown = items.map((workflow) => presentWorkflow(call.world, call.repo, workflow));
      return { status: 200, headers, body: { total_count: workflows.length, workflows: shown } };
    },
  },
  {
    method: "GET",
    path: `${BASE}/{workflow_id}`,
    access: READ,
    handle: (call) => ({ status: 200, body: presentWorkflow(call.world, call.repo, workflowOfPath(call)) }),
  },
  {
    method: "PUT",
    path: `${BASE}/{workflow_id}/enable`,
    access: WRITE,
    handle(call) {
      workflowOfPath(call).state = "active";
      return { status: 204 };
    },
  },
  {
    method: "PUT",
    path: `${BASE}/{workflow_id}/disable`,
    access: WRITE,
    handle(call) {
      workflowOfPath(call).state = "disabled_manually";
      return { status: 204 };
    },
  },
];

export function workflowOfPath(call: Call): Workflow {
  const workflow = findWorkflow(call.world, call.repo, String(call.params.workflow_id));
  if (workflow === undefined) throw new Refusal(404, "Not Found");
  return workflow;
}
