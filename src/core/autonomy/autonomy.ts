/** Every level of freedom, from least to most: a later one includes all earlier ones. */
export const autonomies = [
  "observe",
  "suggest",
  "draft-pr",
  "merge-with-approval",
  "merge",
  "deploy",
] as const;

export type Autonomy = (typeof autonomies)[number];

/** Whether a ceiling of `have` permits an act that needs `need`. */
export function allows(have: Autonomy, need: Autonomy): boolean {
  return autonomies.indexOf(have) >= autonomies.indexOf(need);
}

/** The strictest of several ceilings, which is the one that counts. */
export function lowest(first: Autonomy, ...rest: readonly Autonomy[]): Autonomy {
  return rest.reduce((low, next) => (allows(low, next) ? next : low), first);
}
