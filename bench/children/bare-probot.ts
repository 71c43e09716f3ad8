import { type AddressInfo, createServer } from "node:net";
import { pino } from "pino";
import { Probot, Server } from "probot";
import { APP_ID, WEBHOOK_PATH } from "../make-bodies.ts";
import { answerParent } from "../start-child.ts";

/** A Probot server that verifies and keeps nothing. */
export interface BareProbotOrder {
  readonly secret: string;
  readonly privateKey: string;
  /** Whether an empty handler listens to the event; then Probot also makes a client for it. */
  readonly hasHandler: boolean;
}

answerParent<BareProbotOrder>(async ({ secret, privateKey, hasHandler }) => {
  const log = pino({ level: "silent" });
  const server = new Server({
    Probot: Probot.defaults({ appId: APP_ID, privateKey, secret, log }),
    log,
    host: "127.0.0.1",
    port: await findFreePort(),
    webhookPath: WEBHOOK_PATH,
  });
  await server.load((app) => {
    if (hasHandler) app.on("issues", () => undefined);
  });
  await server.start();
  return { url: `http://127.0.0.1:${server.port}` };
});

/** Probot takes 0 for its default port. */
async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
