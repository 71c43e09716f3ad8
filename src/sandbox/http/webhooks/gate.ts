/** A point that can be held shut; who comes meanwhile waits in line. */
export function createGate() {
  let passage = Promise.resolve();
  let release: (() => void) | null = null;
  return {
    pass: (): Promise<void> => passage,
    isClosed: (): boolean => release !== null,
    close: (): void => {
      if (release) return;
      passage = new Promise((resolve) => {
        release = resolve;
      });
    },
    open: (): void => {
      release?.();
      release = null;
    },
  };
}
