import { SaxesParser } from "saxes";
import { capCount, REPORT_LIMITS, ReportRefusal } from "./limits.ts";

/** An opening tag; `depth` is 1 for the root. */
export interface XmlTag {
  readonly name: string;
  readonly depth: number;
  readonly attribute: (name: string) => string | undefined;
}

/** Hears of tags and texts in the order of the document. */
export interface XmlVisitor {
  readonly onTag: (tag: XmlTag) => void;
  readonly onText: (parent: string, text: string) => void;
}

/** Attributes and texts are kept this far; no field keeps more. */
const VALUE_CHARS = 4096;
/** What even XML 1.1 takes as a reference only; tools copy it raw out of a terminal. */
const CONTROLS = /[[\p{Cc}\ufffe\uffff]--[\t\n\r]]/gv;
/** What a text is cut at while it is read, which costs memory however short the parts are. */
const CUT = `[&\\r]|${CONTROLS.source}`;
/** What may stand before the root. */
const ASIDES = [
  { start: "<?", end: "?>" },
  { start: "<!--", end: "-->" },
] as const;

/** Walks an XML document without building it, so that it costs no memory. Throws a refusal when it is not XML. */
export function walkXml(text: string, visitor: XmlVisitor): void {
  refuseDeclaration(text);
  countCuts(text);
  // By the rules of XML 1.1, which let `&#27;` stand for a terminal code, as Surefire writes it under the name of 1.0.
  const parser = new SaxesParser({
    xmlns: false,
    position: false,
    defaultXMLVersion: "1.1",
    forceXMLVersion: true,
  });
  const open: string[] = [];
  let marks = 0;
  let attributesOfTag = 0;
  const takeText = (value: string) => {
    const parent = open.at(-1);
    if (parent !== undefined) visitor.onText(parent, value.slice(0, VALUE_CHARS));
  };
  // No more handlers than these: with two more, V8 keeps the parser in a slower form, and reading takes four times as long.
  parser.on("attribute", () => {
    attributesOfTag += 1;
    capCount(attributesOfTag, REPORT_LIMITS.attributesPerTag, "attributes in a tag");
  });
  parser.on("opentag", ({ name, attributes }) => {
    open.push(name);
    marks += 1 + attributesOfTag;
    attributesOfTag = 0;
    if (open.length > REPORT_LIMITS.depth) {
      throw new ReportRefusal(`is nested deeper than ${REPORT_LIMITS.depth}`);
    }
    capCount(marks, REPORT_LIMITS.xmlMarks, "tags and attributes");
    visitor.onTag({ name, depth: open.length, attribute: (key) => readAttribute(attributes, key) });
  });
  parser.on("closetag", () => open.pop());
  parser.on("text", takeText);
  parser.on("cdata", takeText);
  parser.on("error", (cause) => {
    throw new ReportRefusal("is not XML, or ends before its end", { cause });
  });
  parser.write(text.replace(CONTROLS, " ")).close();
}

/** A declaration stands before the root or not at all, and a parser would read it to its end before it says so. */
function refuseDeclaration(text: string): void {
  let at = text.indexOf("<");
  for (let end = passAside(text, at); end !== -1; end = passAside(text, at)) at = text.indexOf("<", end);
  if (text.startsWith("<!", at) && !text.startsWith("<!--", at)) {
    throw new ReportRefusal("declares a document type or entities, which is not taken");
  }
}

/** Where a comment or processing instruction ends that begins at `at`; -1 when none does. */
function passAside(text: string, at: number): number {
  const aside = ASIDES.find(({ start }) => at !== -1 && text.startsWith(start, at));
  return aside === undefined ? -1 : text.indexOf(aside.end, at + aside.start.length);
}

function countCuts(text: string): void {
  const cuts = new RegExp(CUT, "gv");
  for (let count = 1; cuts.test(text); count += 1) {
    capCount(count, REPORT_LIMITS.xmlMarks, "references and control characters");
  }
}

function readAttribute(attributes: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(attributes, name) ? attributes[name]?.slice(0, VALUE_CHARS) : undefined;
}
