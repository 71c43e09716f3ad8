import { type CrowdSize, fillCrowd } from "../fill-crowd.ts";
import { openQueue } from "../fill-queue.ts";
import { answerParent } from "../start-child.ts";

export interface FillCrowdOrder extends CrowdSize {
  readonly dataDir: string;
  readonly databaseUrl?: string;
  readonly seed: number;
}

/** A process of its own, so that what filling takes is not counted as what claiming takes. */
answerParent<FillCrowdOrder>(async ({ dataDir, databaseUrl, ...size }) => {
  const queue = await openQueue({ dataDir, ...(databaseUrl !== undefined && { databaseUrl }) });
  await fillCrowd(queue, size);
  await queue.close();
  return {};
});
