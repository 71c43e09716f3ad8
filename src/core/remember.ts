/** How many configurations or roadmaps are kept understood; the text of one is at most 64 KiB. */
export const REMEMBERED_TEXTS = 64;

/**
 * A reader of texts that reads each text once as long as it is among the last `most`: the same few configurations are asked
 * for with every event. Only for readers whose results nobody changes.
 */
export function rememberByText<T>(read: (text: string) => T, most: number): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const value = known.get(text) ?? read(text);
    known.delete(text);
    known.set(text, value);
    const [oldest] = known.keys();
    if (known.size > most && oldest !== undefined) known.delete(oldest);
    return value;
  };
}
