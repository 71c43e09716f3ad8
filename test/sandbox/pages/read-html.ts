/** A strict reader of HTML: what is not a plain well-formed tag must not contain `<` at all. */

export interface Tag {
  readonly name: string;
  readonly isEnd: boolean;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface ReadHtml {
  readonly tags: readonly Tag[];
  /** Everything between the tags, character references resolved. */
  readonly text: string;
  readonly problems: readonly string[];
}

const TAG = /<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z-]+(?:="[^"<>]*")?)*)\s*\/?>/g;
const VOID = new Set(["meta", "link", "img", "br", "hr", "input", "path"]);

export function readHtml(html: string): ReadHtml {
  const problems: string[] = [];
  const source = html.replace(/^<!doctype html>\s*/i, "");
  const tags = [...source.matchAll(TAG)].map(([, slash, name = "", attributes = ""]) => ({
    name: name.toLowerCase(),
    isEnd: slash === "/",
    attributes: readAttributes(attributes),
  }));
  const rest = source.replace(TAG, "");
  const stray = /.{0,40}<.{0,40}/.exec(rest);
  if (stray !== null) problems.push(`stray "<" in ${stray[0]}`);
  return { tags, text: decode(rest), problems: [...problems, ...findUnbalanced(tags)] };
}

function readAttributes(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([a-zA-Z-]+)(?:="([^"]*)")?/g)];
  return Object.fromEntries(pairs.map(([, name = "", value = ""]) => [name.toLowerCase(), decode(value)]));
}

function findUnbalanced(tags: readonly Tag[]): readonly string[] {
  const open: string[] = [];
  for (const { name, isEnd } of tags) {
    if (VOID.has(name)) continue;
    if (!isEnd) open.push(name);
    else if (open.pop() !== name) return [`</${name}> closes nothing`];
  }
  return open.map((name) => `<${name}> stays open`);
}

const NAMES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', colon: ":" };

function decode(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|([a-z]+));/gi, (whole, decimal, hex, name) => {
    if (name) return NAMES[name] ?? whole;
    return String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16));
  });
}

const ELEMENTS = new Set(
  [
    "html head meta title link body a header footer nav main aside section article div p span strong em del",
    "h1 h2 h3 ul ol li dl dt dd table thead tbody tr th td pre code blockquote hr br img svg path time figure",
    "figcaption details summary sub sup input",
  ].flatMap((line) => line.split(" ")),
);
const HREF = /^(?:https?:\/\/|mailto:|[/#]|\.{0,2}[\w%.-]*(?:[/?#]|$))/i;

/** What in a page could act: foreign elements, event handlers, styles, addresses that are no plain links. */
export function findActiveParts(html: string): readonly string[] {
  const { tags, problems } = readHtml(html);
  const found = tags.flatMap(({ name, attributes }) => [
    ...(ELEMENTS.has(name) ? [] : [`element ${name}`]),
    ...Object.entries(attributes).flatMap(([key, value]) => judgeAttribute(key, value)),
  ]);
  return [...problems, ...found];
}

function judgeAttribute(name: string, value: string): readonly string[] {
  if (/^(?:on|style$|srcdoc$|formaction$|xlink)/.test(name)) return [`attribute ${name}`];
  const isAddress = name === "href" || name === "src";
  return isAddress && !HREF.test(value) ? [`${name} ${value}`] : [];
}
