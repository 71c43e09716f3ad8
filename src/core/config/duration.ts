export const DURATION_PATTERN = /^[1-9]\d{0,6}[smhd]$/;

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a text that matches `DURATION_PATTERN`, such as `90s`, `60m`, `2h` or `1d`. */
export function parseDuration(text: string): number {
  const unitMs = UNIT_MS[text.slice(-1)];
  if (unitMs === undefined || !DURATION_PATTERN.test(text)) throw new Error(`Not a duration: ${text}`);
  return Number(text.slice(0, -1)) * unitMs;
}
