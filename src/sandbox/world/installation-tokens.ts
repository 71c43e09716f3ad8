import { randomBytes } from "node:crypto";
import type { InstallationToken } from "./access-tokens.ts";
import type { AppRegistration, Installation } from "./records.ts";
import type { World } from "./world.ts";

const LIFE_MS = 3_600_000;

export interface TokenScope {
  readonly permissions: InstallationToken["permissions"];
  /** Null means every repository of the installation. */
  readonly repositoryIds: ReadonlySet<number> | null;
}

/** Makes a token of an installation, in the long form that carries the app's id. */
export function mintInstallationToken(
  world: World,
  { app, installation, scope }: { app: AppRegistration; installation: Installation; scope: TokenScope },
): { readonly text: string; readonly token: InstallationToken } {
  const expiresAt = new Date(world.now().getTime() + LIFE_MS);
  const claims = { iss: app.slug, sub: installation.id, exp: Math.floor(expiresAt.getTime() / 1000) };
  const parts = [{ typ: "JWT", alg: "ES256" }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString("base64url"),
  );
  const text = `ghs_${app.id}_${[...parts, randomBytes(64).toString("base64url")].join(".")}`;
  const token: InstallationToken = { installationId: installation.id, ...scope, expiresAt };
  world.installationTokens.set(text, token);
  return { text, token };
}
