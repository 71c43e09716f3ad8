import nock from "nock";
import { pino } from "pino";
import { createGitHub } from "../../../src/adapters/github/client/client.ts";
import { createTestQuota, privatePem } from "./start-github.ts";

const HOST = "https://api.github.test";

/** A client of a scripted server, for answers that the local GitHub never gives. */
export function scriptGitHub() {
  nock(HOST).post("/app/installations/70/access_tokens").times(2).reply(201, { token: "ghs_1" });
  const github = createGitHub({
    ...{ appId: 1, privateKey: privatePem, apiUrl: HOST, now: Date.now },
    ...{ quota: createTestQuota(Date.now).quota, log: pino({ level: "silent" }) },
  });
  const repo = { id: 7, installationId: 70, owner: "acme", name: "demo" };
  return { github, repo, api: github.repository(repo), server: nock(HOST) };
}
