import { existsSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { SandboxControl } from "./control/create-control.ts";

interface Seed {
  readonly owner: string;
  readonly name: string;
  readonly seedDir: string;
}

const SOLE_OWNER = "acme";
const ADMIN = "admin";

/** Creates the repositories of a seed folder, gives the user `admin` every right and installs the app on them. */
export async function seedRepositories(control: SandboxControl, dir: string): Promise<void> {
  const seeds = listSeeds(resolve(dir));
  control.createUser(ADMIN);
  for (const seed of seeds) {
    const repository = `${seed.owner}/${seed.name}`;
    await control.createRepository(seed);
    control.setRole({ repository, login: ADMIN, role: "admin" });
    control.install({ repositories: [repository] });
  }
}

/** A folder with `.github` is itself a repository; any other holds one folder `owner__name` for each. */
function listSeeds(dir: string): readonly Seed[] {
  if (!existsSync(dir)) throw new Error(`there is no folder ${dir} to seed from`);
  if (existsSync(join(dir, ".github"))) return [{ owner: SOLE_OWNER, name: basename(dir), seedDir: dir }];
  const seeds = readdirSync(dir).flatMap((folder) => {
    const [, owner, name] = /^(.+?)__(.+)$/.exec(folder) ?? [];
    return owner && name ? [{ owner, name, seedDir: join(dir, folder) }] : [];
  });
  if (seeds.length === 0) throw new Error(`${dir} holds no folder owner__name and no .github folder`);
  return seeds;
}
