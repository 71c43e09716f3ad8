import { fillQueue, openQueue } from "../fill-queue.ts";
import { answerParent } from "../start-child.ts";

/** A data directory to leave behind, with so many queued tasks in it. */
export interface FillOrder {
  readonly dataDir: string;
  readonly count: number;
  readonly seed: number;
}

answerParent<FillOrder>(async ({ dataDir, ...fill }) => {
  const queue = await openQueue({ dataDir });
  await fillQueue(queue, fill);
  await queue.close();
  return {};
});
