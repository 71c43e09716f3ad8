/** What waits to be written, and who waits for it. */
interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

const MAX_GROUP = 500;

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

  const answer = async (group: readonly Waiting<Item, Answer>[]): Promise<void> => {
    try {
      const answers = await options.write(group.map((one) => one.item));
      for (const [position, one] of group.entries()) {
        const found = answers[position];
        if (found === undefined) one.reject(new Error("The commit did not answer for this item."));
        else one.resolve(found);
      }
    } catch (error) {
      if (group.length > 1 && options.isOneToBlame(error)) {
        for (const one of group) await answer([one]);
      } else {
        for (const one of group) one.reject(error);
      }
    }
  };
  const drain = async (): Promise<void> => {
    isWriting = true;
    while (waiting.length > 0) {
      const group = waiting.slice(0, MAX_GROUP);
      waiting = waiting.slice(MAX_GROUP);
      await answer(group);
    }
    isWriting = false;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isWriting) void drain();
    });
}
