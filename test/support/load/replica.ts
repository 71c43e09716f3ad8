import type { ReplicaScene } from "../../stories/play-replicas.ts";
import type { ServerProcess } from "../server-process.ts";
import { openPassage, type Passage } from "./open-passage.ts";

export type Replica = Awaited<ReturnType<typeof startReplica>>;

/** One of several processes on the same database: it can be killed, frozen, and started again. */
export async function startReplica(scene: ReplicaScene, name: string) {
  const passage = await openPassage(scene.sandbox.url);
  const lives: ServerProcess[] = [];
  let url: string | undefined;
  let isFrozen = false;

  async function start(): Promise<void> {
    const server = scene.startProcess({ PROCESS: "all", GITHUB_API_URL: passage.url });
    lives.push(server);
    url = await server.url;
  }

  function current(): ServerProcess {
    const server = lives.at(-1);
    if (server === undefined) throw new Error(`${name} was never started`);
    return server;
  }

  await start();
  return {
    name,
    start,
    passage,
    /** Where deliveries are handed to it; one that is frozen still has its address. */
    url: () => url,
    isHealthy: () => url !== undefined && !isFrozen,
    freeze: () => {
      isFrozen = true;
      current().child.kill("SIGSTOP");
    },
    thaw: () => {
      isFrozen = false;
      current().child.kill("SIGCONT");
    },
    async kill(): Promise<void> {
      url = undefined;
      current().child.kill("SIGKILL");
      await current().ended;
    },
    /** How many events it has handled, in all its lives. */
    handled: () => countIn(lives, '"msg":"event handled"'),
    /** How often it learned that its work had been given to another. */
    leasesLost: () => countIn(lives, '"name":"LeaseLost"'),
    close: () => passage.close(),
  };
}

function countIn(lives: readonly ServerProcess[], text: string): number {
  return lives.reduce((sum, server) => sum + server.said().split(text).length - 1, 0);
}

/** Resolves while the process writes to GitHub, or after a while in which it wrote nothing. */
export function untilWriting(
  { onNextWrite }: Pick<Passage, "onNextWrite">,
  patienceMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, patienceMs);
    onNextWrite(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
