import { hasBound, isStricter } from "./bounds.ts";
import type { ChangedLine } from "./changed-lines.ts";
import { describeChange } from "./describe-change.ts";
import { type LineChange, pairLines } from "./line-changes.ts";
import type { SettingRule, SettingsFiles, WeakerWhen } from "./setting-rule.ts";
import type { Touch } from "./touch.ts";

/** A bare item of a list. */
const ITEM = /^(?:- )?["']?[^"'\s=:{}()]{1,300}["']?,?$/u;

interface SettingsChange {
  readonly path: string;
  readonly lines: readonly ChangedLine[];
  /** New files below the root are those of new parts: they say how these are proven, and nothing about what was there. */
  readonly isNewPart: boolean;
}

/** Changes of a file that says, among much else, how work is proven. */
export function judgeSettings(change: SettingsChange, files: SettingsFiles): readonly Touch[] {
  const { path, lines, isNewPart } = change;
  const settings = isNewPart
    ? files.settings.filter(({ weakerWhen }) => weakerWhen !== "it goes" && weakerWhen !== "any")
    : files.settings;
  const found = settings.flatMap((rule) => judgeParts(partsOf(lines, rule.pattern), rule));
  const others = isNewPart ? [] : [...judgeLists(lines, files), ...judgeBounds(lines, files)];
  const byLine = new Map<string, Touch>();
  for (const { change: one, is } of [...found, ...others]) {
    const key = one.before === null ? `+${one.after.number}` : `-${one.before.number}`;
    if (!byLine.has(key)) byLine.set(key, { path, ...describeChange(one, is) });
  }
  return [...byLine.values()];
}

interface Found {
  readonly change: LineChange;
  readonly is: string;
}

function judgeParts(
  parts: readonly ChangedLine[],
  { weakerWhen, is }: Pick<SettingRule, "weakerWhen" | "is">,
): readonly Found[] {
  return pairLines(parts)
    .filter((change) => isWeaker(change, weakerWhen) && !isStricter(change))
    .map((change) => ({ change, is }));
}

function isWeaker({ before, after }: LineChange, weakerWhen: WeakerWhen): boolean {
  if (weakerWhen === "any") return true;
  if (weakerWhen === "it comes") return after !== null;
  if (weakerWhen === "it goes") return before !== null;
  const lowest = 0;
  const old = before === null ? null : levelOf(before, weakerWhen);
  const now = after === null ? lowest : levelOf(after, weakerWhen);
  return old === null ? now === lowest : now < old;
}

/** Where the last word of a setting stands among its levels. */
function levelOf({ text }: ChangedLine, levels: readonly string[]): number {
  return levels.indexOf(
    text
      .toLowerCase()
      .match(/[a-z]+/gu)
      ?.at(-1) ?? "",
  );
}

/** The parts of lines that a pattern matches, each as a line of its own. */
function partsOf(lines: readonly ChangedLine[], pattern: RegExp): readonly ChangedLine[] {
  return lines.flatMap((line) =>
    [...line.text.matchAll(pattern)].map(([text]) => ({ ...line, text: text.trim() })),
  );
}

function judgeLists(lines: readonly ChangedLine[], { lists }: SettingsFiles): readonly Found[] {
  const items = lines.filter(({ text }) => ITEM.test(text));
  const ruleOf = ({ opener, text }: ChangedLine) =>
    lists.find((rule) => (opener === "" ? rule.isGuessed?.test(text) : rule.opener.test(opener)));
  return lists.flatMap((rule) =>
    judgeParts(
      items.filter((item) => ruleOf(item) === rule),
      rule,
    ),
  );
}

function judgeBounds(lines: readonly ChangedLine[], { bounds }: SettingsFiles): readonly Found[] {
  const bounding = lines.filter((line) => hasBound(line, bounds));
  return judgeParts(bounding, { weakerWhen: "any", is: "the thresholds" });
}
