export function describeReplicas(_url: string): void {}
