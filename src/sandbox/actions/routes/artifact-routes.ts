import { pathNumber } from "../../http/body-fields.ts";
import { paginate } from "../../http/paginate.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import type { Artifact } from "../../world/records.ts";
import { isExpired, presentArtifact } from "../present/present-artifact.ts";
import { redirectToDownload } from "./downloads.ts";
import { RUNS_PATH, runOfPath } from "./run-routes.ts";
import { READ, WRITE } from "./workflow-routes.ts";

const BASE = "/repos/{owner}/{repo}/actions/artifacts";

export const artifactRoutes: readonly Route[] = [
  {
    method: "GET",
    path: BASE,
    access: READ,
    handle: (call) => listArtifacts(call, [...call.repo.artifacts.values()]),
  },
  {
    method: "GET",
    path: `${RUNS_PATH}/{run_id}/artifacts`,
    access: READ,
    handle(call) {
      const { id } = runOfPath(call);
      return listArtifacts(
        call,
        [...call.repo.artifacts.values()].filter((artifact) => artifact.runId === id),
      );
    },
  },
  {
    method: "GET",
    path: `${BASE}/{artifact_id}`,
    access: READ,
    handle: (call) => ({ status: 200, body: presentArtifact(call.world, call.repo, artifactOfPath(call)) }),
  },
  {
    method: "GET",
    path: `${BASE}/{artifact_id}/{archive_format}`,
    access: READ,
    handle(call) {
      const artifact = artifactOfPath(call);
      if (call.params.archive_format !== "zip") throw new Refusal(404, "Not Found");
      if (isExpired(call.world, artifact)) throw new Refusal(410, "Artifact has expired");
      return redirectToDownload(call.world, artifact.zip);
    },
  },
  {
    method: "DELETE",
    path: `${BASE}/{artifact_id}`,
    access: WRITE,
    handle(call) {
      call.repo.artifacts.delete(artifactOfPath(call).id);
      return { status: 204 };
    },
  },
];

function artifactOfPath(call: Call): Artifact {
  const artifact = call.repo.artifacts.get(pathNumber(call.params, "artifact_id"));
  if (artifact === undefined) throw new Refusal(404, "Not Found");
  return artifact;
}

function listArtifacts(call: Call, artifacts: readonly Artifact[]): Answer {
  const name = call.query.get("name");
  const found = artifacts.filter((artifact) => name === null || artifact.name === name).toReversed();
  const { items, headers } = paginate(call, found);
  const shown = items.map((artifact) => presentArtifact(call.world, call.repo, artifact));
  return { status: 200, headers, body: { total_count: found.length, artifacts: shown } };
}
