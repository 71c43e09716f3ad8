import { lstatSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { unzipSync, type Zippable, zipSync } from "fflate";
import picomatch from "picomatch";
import { type FoundFiles, findFiles } from "../runner/find-files.ts";
import type { StoredArtifact } from "../runs/run-model.ts";
import type { ActionCall } from "./action-call.ts";

export const MAX_ARTIFACT_BYTES = 50 * 1024 * 1024;
const DEFAULT_RETENTION_DAYS = 90;
const MODIFIED_AT = "2020-01-01";

/** Packs files into one artifact of the run. */
export async function uploadArtifact({
  inputs,
  runtime,
}: ActionCall): Promise<Readonly<Record<string, string>>> {
  const name = inputs.name ?? "artifact";
  if (name === "" || /["<>|*?:\r\n\\/]/.test(name))
    throw new Error(`The artifact name is not valid: ${name}`);
  if ((inputs.path ?? "").trim() === "") throw new Error("Input required and not supplied: path");
  const found = findFiles({
    directory: runtime.directories.workspace,
    patterns: (inputs.path ?? "").split("\n"),
    includeHidden: inputs["include-hidden-files"] === "true",
  });
  if (found.files.length === 0) return reportNoFiles({ inputs, runtime });
  const zip = packFiles(found);
  if (zip.byteLength > MAX_ARTIFACT_BYTES) throw new Error(`The artifact '${name}' is larger than 50 MB`);
  const retentionDays = Number(inputs["retention-days"] ?? 0) || DEFAULT_RETENTION_DAYS;
  const saved = runtime.host.artifacts.save({
    name,
    zip,
    retentionDays,
    overwrite: inputs.overwrite === "true",
  });
  runtime.log.write(
    `Artifact ${name} holds ${found.files.length} file(s), ${zip.byteLength} bytes, ID ${saved.id}`,
  );
  const { server_url, repository, run_id } = runtime.github;
  return {
    "artifact-id": String(saved.id),
    "artifact-digest": saved.digest.replace("sha256:", ""),
    "artifact-url": `${server_url}/${repository}/actions/runs/${run_id}/artifacts/${saved.id}`,
  };
}

/** Unpacks one artifact, or several into directories of their own. */
export async function downloadArtifact({
  inputs,
  runtime,
}: ActionCall): Promise<Readonly<Record<string, string>>> {
  const { workspace, home } = runtime.directories;
  const asked = (inputs.path ?? "").replace(/^~(?=\/|$)/, home);
  const target = resolve(workspace, asked);
  const artifacts = listArtifacts({ inputs, runtime });
  const { name } = inputs;
  const chosen = chooseArtifacts(inputs, artifacts);
  if (name && chosen.length === 0) {
    throw new Error(`Unable to download artifact(s): Artifact not found for name: ${name}`);
  }
  const flat = Boolean(name) || inputs["merge-multiple"] === "true";
  for (const artifact of chosen) await unpack(artifact, flat ? target : join(target, artifact.name));
  runtime.log.write(`Downloaded ${chosen.length} artifact(s) to ${target}`);
  return { "download-path": target };
}

function reportNoFiles({
  inputs,
  runtime,
}: Pick<ActionCall, "inputs" | "runtime">): Readonly<Record<string, string>> {
  const message = `No files were found with the provided path: ${inputs.path}. No artifacts will be uploaded.`;
  const reaction = inputs["if-no-files-found"] ?? "warn";
  if (reaction === "error") throw new Error(message);
  if (reaction === "warn") runtime.log.write(`##[warning]${message}`);
  else runtime.log.write(message);
  return {};
}

function packFiles({ root, files }: FoundFiles): Uint8Array {
  let bytes = 0;
  const entries: Zippable = {};
  for (const file of files) {
    bytes += lstatSync(file).size;
    if (bytes > 4 * MAX_ARTIFACT_BYTES) throw new Error("The files of the artifact are larger than 200 MB");
    entries[relative(root, file).split(sep).join("/")] = [
      readFileSync(file),
      { level: 6, mtime: MODIFIED_AT },
    ];
  }
  return zipSync(entries);
}

function listArtifacts({
  inputs,
  runtime,
}: Pick<ActionCall, "inputs" | "runtime">): readonly StoredArtifact[] {
  const runId = inputs["run-id"] ?? "";
  const token = inputs["github-token"] ?? "";
  if (runId === "" || runId === String(runtime.github.run_id)) {
    return runtime.host.artifacts.list({ runId: null, token: runtime.token });
  }
  if (token === "") throw new Error("Downloading from another run needs the input 'github-token'.");
  const mayRead = runtime.permissions.actions === "read" || runtime.permissions.actions === "write";
  if (token === runtime.token && !mayRead) {
    throw new Error("Resource not accessible by integration: the job needs the permission 'actions: read'.");
  }
  return runtime.host.artifacts.list({ runId: Number(runId), token });
}

function chooseArtifacts(
  inputs: ActionCall["inputs"],
  artifacts: readonly StoredArtifact[],
): readonly StoredArtifact[] {
  const newest = [...new Map(artifacts.map((artifact) => [artifact.name, artifact])).values()];
  if (inputs.name) return newest.filter((artifact) => artifact.name === inputs.name);
  if (!inputs.pattern) return newest;
  const isMatch = picomatch(inputs.pattern);
  return newest.filter((artifact) => isMatch(artifact.name));
}

async function unpack(artifact: StoredArtifact, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [name, bytes] of Object.entries(unzipSync(artifact.zip))) {
    const path = resolve(directory, name);
    if (!path.startsWith(directory + sep))
      throw new Error(`The artifact '${artifact.name}' leaves its directory`);
    if (name.endsWith("/")) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}
