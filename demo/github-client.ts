import { Octokit } from "@octokit/rest";

/** Acts on the sandbox as one person, and steers the sandbox itself. */
export interface Stage {
  readonly url: string;
  readonly owner: string;
  readonly repo: string;
  as(login: string): Octokit;
  control<T>(name: string, values?: object): Promise<T>;
}

const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Creates the people, gives them their roles, and returns the way to act as them. */
export async function createStage(facts: {
  readonly url: string;
  readonly owner: string;
  readonly repo: string;
  readonly roles: Readonly<Record<string, string>>;
}): Promise<Stage> {
  const { url, owner, repo } = facts;
  const clients = new Map<string, Octokit>();
  async function control<T>(name: string, values: object = {}): Promise<T> {
    const response = await fetch(`${url}/_sandbox/${name}`, { method: "POST", body: JSON.stringify(values) });
    const body: unknown = await response.json();
    if (!response.ok) throw new Error(`the sandbox refused ${name}: ${JSON.stringify(body)}`);
    return body as T;
  }
  for (const [login, role] of Object.entries(facts.roles)) {
    const { token } = await control<{ token: string }>("create-user", { login });
    await control("set-role", { repository: `${owner}/${repo}`, login, role });
    clients.set(
      login,
      new Octokit({ auth: token, baseUrl: url, userAgent: "orchestrator-demo", log: quiet }),
    );
  }
  return {
    url,
    owner,
    repo,
    as(login) {
      const client = clients.get(login);
      if (client === undefined) throw new Error(`nobody is called ${login} here`);
      return client;
    },
    control,
  };
}
