import { mkdir } from "node:fs/promises";
import type { Server } from "node:http";
import { actionRoutes } from "./actions/routes/action-routes.ts";
import { createDownloadPart } from "./actions/routes/download-part.ts";
import { configureActions, stopActions } from "./actions/runs/control-actions.ts";
import { startWorkflows } from "./actions/triggers/start-workflows.ts";
import { codeRoutes } from "./areas/code-routes.ts";
import { createCoreRoutes } from "./areas/core-routes.ts";
import { followQueue } from "./areas/queue/merge-queue.ts";
import { createControlPart } from "./control/control-part.ts";
import { createControl, type SandboxControl } from "./control/create-control.ts";
import { createDeliveryConditions } from "./control/delivery-conditions.ts";
import { createFaults } from "./control/faults.ts";
import { createApi } from "./http/create-api.ts";
import { createServer, type Part } from "./http/create-server.ts";
import { DEFAULT_LIMITS, type Limits } from "./http/limits/limits.ts";
import type { Exchange } from "./http/record-exchange.ts";
import { createWebhookSender } from "./http/webhooks/webhook-sender.ts";
import { servePage } from "./pages/page-routes.ts";
import { type AppOptions, createWorld } from "./world/create-world.ts";
import type { Delivery } from "./world/records.ts";
import type { Emission, World } from "./world/world.ts";

export interface SandboxOptions {
  /** Folder for the git repositories; created when missing. */
  readonly dataDir: string;
  /** 0, the default, takes any free port. */
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  /** Without an app there are no installations and no webhooks. */
  readonly app?: AppOptions | undefined;
  readonly now?: (() => Date) | undefined;
  readonly limits?: Partial<Limits> | undefined;
  /** How many workflow jobs run at once. */
  readonly maxJobs?: number | undefined;
  readonly onExchange?: ((exchange: Exchange) => void) | undefined;
  readonly onDelivery?: ((delivery: Delivery) => void) | undefined;
}

export interface Sandbox {
  readonly url: string;
  readonly world: World;
  readonly control: SandboxControl;
  readonly close: () => Promise<void>;
}

/** Starts a local GitHub. */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { dataDir, port = 0, host = "127.0.0.1", app, now, onExchange, onDelivery } = options;
  await mkdir(dataDir, { recursive: true });
  const abort = new AbortController();
  const closing = abort.signal;
  let url = "";
  const world = createWorld({ dataDir, app, now, baseUrl: () => url, onEmit: spread });
  const conditions = createDeliveryConditions();
  const sender = createWebhookSender({ world, conditions, closing, onDelivery });
  const faults = createFaults();
  const control = createControl({ world, sender, conditions, faults, closing });
  const routes = [...createCoreRoutes(sender.redeliver), ...codeRoutes, ...actionRoutes];
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const api = createApi({ world, routes, limits, faults, closing, onExchange });
  const server = createServer({
    parts: [createDownloadPart(world), createControlPart(control), createPagePart(world)],
    api,
  });
  if (options.maxJobs !== undefined) configureActions(world, { maxJobs: options.maxJobs });

  function spread(_world: World, emission: Emission): void {
    sender.queue(emission);
    startWorkflows(world, emission);
    followQueue(world, emission);
  }

  url = `http://${host}:${await listen(server, port, host)}`;
  const close = async (): Promise<void> => {
    abort.abort();
    await stopActions(world);
    await stop(server);
  };
  return { url, world, control, close };
}

function createPagePart(world: World): Part {
  return async (request, response) => {
    const isPage = /^\/ui(?:[/?]|$)/.test(request.url ?? "/");
    return isPage && servePage(world, request, response);
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
