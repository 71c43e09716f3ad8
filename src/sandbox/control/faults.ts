/** A failure that the next matching requests meet. */
export interface FaultRule {
  readonly method?: string | undefined;
  /** Regular expression on the path, such as `/issues/\\d+/comments$`. */
  readonly pathPattern?: string | undefined;
  /** Status to answer; without it the true answer is given, only late. */
  readonly status?: number | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How many requests meet it; 1 when left out. */
  readonly times?: number | undefined;
  /** True: the request takes effect and only its answer fails. */
  readonly applied: boolean;
  /** Waits this long before answering. */
  readonly hang?: number | undefined;
  /** Closes the connection instead of answering. */
  readonly dropConnection?: boolean | undefined;
}

interface ArmedRule {
  readonly rule: FaultRule;
  readonly pattern: RegExp;
  left: number;
}

export type Faults = ReturnType<typeof createFaults>;

/** Keeps the failures that are still to happen, oldest first. */
export function createFaults() {
  let armed: ArmedRule[] = [];
  return {
    add: (rule: FaultRule): void => {
      armed.push({ rule, pattern: new RegExp(rule.pathPattern ?? ""), left: rule.times ?? 1 });
    },
    take: (method: string, path: string): FaultRule | undefined => {
      const found = armed.find(
        ({ rule, pattern }) => (rule.method?.toUpperCase() ?? method) === method && pattern.test(path),
      );
      if (!found) return undefined;
      found.left -= 1;
      armed = armed.filter((one) => one.left > 0);
      return found.rule;
    },
    clear: (): void => {
      armed = [];
    },
  };
}
