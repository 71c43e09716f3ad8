import type { LineChange } from "./line-changes.ts";

/** What a text says, and the line above it that opens what it stands in. */
export interface TextInPlace {
  readonly text: string;
  readonly opener: string;
}

/** A number with the name that stands before it. */
interface NamedNumber {
  /** The words of its name, and of the part it stands in. */
  readonly words: readonly string[];
  readonly ownWords: readonly string[];
  /** Whether it is compared with what stands before it. */
  readonly isCompared: boolean;
  readonly value: number;
}

/** Versions (`4.0.1`) and durations (`10s`) are no bounds. */
const NAMED_NUMBER =
  /(?<![\w.-])(-{0,2}[A-Za-z_][\w.-]{0,60}["']?[\])]? ?)([<>=!]=|[:=(>,<])?( ?["']?)(?<![\w.])(-?\d{1,15}(?:\.\d{1,15})?)(?=[dDfF]?(?![\w.])|%|\.(?!\w))/gu;
const NAME_OF_PART = /(?<![\w.-])([\w.-]{1,60})["']? ?[:=]? ?[[{:=]$/u;

const METRICS = wordList(
  "r2 rsquared mape smape wape mae rmse mse accuracy recall f1 auc auroc roc bleu rouge coverage perplexity wer cer iou psnr ssim brier mutation msi complexity warnings flakiness",
);
const FLOORS = wordList("min minimum floor least under");
const CEILINGS = wordList("max maximum ceiling most");
const BOUNDS = wordList("required target limit allowed accepted above below upper lower").union(
  FLOORS.union(CEILINGS),
);
const LOOSE = wordList("threshold thresholds tolerance tolerances atol rtol epsilon");
const QUALITIES = wordList("score quality error loss drift regression drop");
/** Names under which tools keep what coverage must reach. */
const COVERAGE = wordList(
  "lines line branches branch functions function statements statement methods instructions target coverage",
);

/** Which numbers are bounds of quality. The less a file has to do with quality, the clearer their names must be. */
const BOUND_NAMES = {
  /** `min_r2`, `fail_under`, `maxWarnings`: bounds wherever they stand. */
  clear: ({ words }: NamedNumber): boolean =>
    isFailUnder(words) || (has(words, METRICS) && (has(words, BOUNDS) || has(words, LOOSE))),
  /** In scripts that measure and in tests also `TOLERANCE` and `r2 < 0.6`. */
  script: (number: NamedNumber): boolean =>
    BOUND_NAMES.clear(number) ||
    has(number.words, LOOSE) ||
    (has(number.words, BOUNDS) && has(number.words, QUALITIES)) ||
    (number.isCompared && has(number.words, METRICS)),
  /** In settings that are about quality also `min` alone. */
  quality: ({ words }: NamedNumber): boolean =>
    isFailUnder(words) || [BOUNDS, LOOSE, METRICS].some((known) => has(words, known)),
  /** In settings of test runners also the measures of coverage. */
  coverage: (number: NamedNumber): boolean => BOUND_NAMES.clear(number) || has(number.words, COVERAGE),
} as const;
export type BoundNames = keyof typeof BOUND_NAMES;

export function hasBound(line: TextInPlace, names: BoundNames): boolean {
  return readNumbers(line).some(BOUND_NAMES[names]);
}

/** Whether a change certainly asks for more: nothing differs but named numbers, and each that does is a stricter bound. */
export function isStricter({ before, after }: LineChange): boolean {
  if (before === null || after === null || skeletonOf(before.text) !== skeletonOf(after.text)) return false;
  const old = readNumbers(before);
  return readNumbers(after).every((number, index) => isAtLeast(number, old[index]?.value ?? Number.NaN));
}

function isAtLeast({ ownWords, words, value }: NamedNumber, old: number): boolean {
  if (value === old) return true;
  // Below zero some tools count what is missing, and up to one others mean shares.
  if (value < 0 !== old < 0 || value <= 1 !== old <= 1) return false;
  if (isFloor(ownWords) || isFloor(words)) return value > old;
  return isCeiling(words) && value < old;
}

/** `fail_under`, `branches`, `min_r2`; with another word in it (`min-similarity-lines`), more may be less. */
function isFloor(words: readonly string[]): boolean {
  if (isFailUnder(words)) return true;
  const isMeasure = words.length > 0 && words.every((word) => COVERAGE.has(word));
  return isMeasure || (has(words, FLOORS) && isBoundOfMetric(words, FLOORS));
}

function isCeiling(words: readonly string[]): boolean {
  return has(words, CEILINGS) && isBoundOfMetric(words, CEILINGS);
}

function isBoundOfMetric(words: readonly string[], bounds: ReadonlySet<string>): boolean {
  return has(words, METRICS) && words.every((word) => bounds.has(word) || METRICS.has(word));
}

function readNumbers({ text, opener }: TextInPlace): readonly NamedNumber[] {
  const part = wordsOf(NAME_OF_PART.exec(opener)?.[1] ?? "");
  const wordsByName = new Map<string, readonly string[]>();
  return [...text.matchAll(NAMED_NUMBER)].map(([, name = "", sign = "", , value]) => {
    const ownWords = wordsByName.getOrInsertComputed(name, wordsOf);
    return { ownWords, words: [...ownWords, ...part], isCompared: /[<>]/u.test(sign), value: Number(value) };
  });
}

function skeletonOf(text: string): string {
  return text.replace(NAMED_NUMBER, "$1$2$3#").replace(/,$/u, "");
}

function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z\d])([A-Z])/gu, "$1_$2")
    .toLowerCase()
    .split(/[^a-z\d]+/u)
    .filter((word) => word !== "");
}

function wordList(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}

function has(words: readonly string[], known: ReadonlySet<string>): boolean {
  return words.some((word) => known.has(word));
}

function isFailUnder(words: readonly string[]): boolean {
  return words.includes("fail") && words.includes("under");
}
