/** Small durable notes: cursors, and what was done once. */
export interface Marks {
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<void>;
}
