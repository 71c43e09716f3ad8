/** What waits to be written, and who waits for it. */
interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

const MAX_GROUP = 200;

/**
 * Writes what arrives while a commit is under way together in the next one: one fsync for many. Each caller is answered
 * after its own commit. `write` answers in the order of its items; when it fails, `isOneToBlame` tells whether to write
 * the items one by one, so that a bad one does not take the others with it.
 */
export function createGroupCommit<Item, Answer>(options: {
  readonly write: (items: readonly Item[]) => Promise<readonly Answer[]>;
  readonly isOneToBlame: (error: unknown) => boolean;
}): (item: Item) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = [];
  let isWriting = false;

  const write = async (group: readonly Waiting<Item, Answer>[]): Promise<void> => {
    try {
      answerAll(group, await options.write(group.map((one) => one.item)));
    } catch (error) {
      await recover(group, error);
    }
  };
  const recover = async (group: readonly Waiting<Item, Answer>[], error: unknown): Promise<void> => {
    if (group.length === 1 || !options.isOneToBlame(error)) {
      for (const one of group) one.reject(error);
      return;
    }
    for (const one of group) await write([one]);
  };
  const drain = async (): Promise<void> => {
    isWriting = true;
    while (waiting.length > 0) {
      await letOthersArrive();
      const group = waiting.slice(0, MAX_GROUP);
      waiting = waiting.slice(MAX_GROUP);
      await write(group);
    }
    isWriting = false;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isWriting) void drain();
    });
}

/**
 * Gives the sockets a turn: the embedded database does not let go of the event loop while it commits, so without this each
 * commit would hold the one delivery that was read before it.
 */
function letOthersArrive(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function answerAll<Item, Answer>(group: readonly Waiting<Item, Answer>[], answers: readonly Answer[]): void {
  for (const [position, one] of group.entries()) {
    const answer = answers[position];
    if (answer === undefined) one.reject(new Error("The commit did not answer for this item."));
    else one.resolve(answer);
  }
}
