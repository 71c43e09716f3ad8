import { XMLParser } from "fast-xml-parser";
import { REPORT_LIMITS, ReportRefusal } from "./limits.ts";
import { scanXml } from "./scan-xml.ts";

/** An opening tag; `depth` is 1 for the root. */
export interface XmlTag {
  readonly name: string;
  readonly depth: number;
  readonly attribute: (name: string) => string | undefined;
}

/** Hears of tags and texts in the order of the document. */
export interface XmlVisitor {
  readonly onTag: (tag: XmlTag) => void;
  readonly onText: (parent: string, read: () => string) => void;
}

const PREFIX = "@";
/** Attributes are looked at this far; no field keeps more. */
const VALUE_CHARS = 4096;
const ENTITY = /&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/gu;
const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Walks an XML document without building it, so that it costs no memory. Throws a refusal when it is not XML. */
export function walkXml(text: string, visitor: XmlVisitor): void {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: PREFIX,
    parseTagValue: false,
    // Only the five entities of XML are known, and only where a value is used: there is nothing to expand.
    processEntities: false,
    ignorePiTags: true,
    ignoreDeclaration: true,
    maxNestedTags: REPORT_LIMITS.depth,
    jPath: false,
    updateTag(name, path, attributes: Readonly<Record<string, string>> | undefined) {
      const depth = typeof path === "string" ? 0 : path.getDepth();
      visitor.onTag({ name, depth, attribute: (key) => readAttribute(attributes, key) });
      return false;
    },
    tagValueProcessor(parent, value) {
      visitor.onText(parent, () => decodeEntities(value));
      return "";
    },
  });
  const safe = scanXml(text);
  try {
    parser.parse(safe);
  } catch (error) {
    if (error instanceof ReportRefusal) throw error;
    throw new ReportRefusal("is not XML", { cause: error });
  }
}

function readAttribute(
  attributes: Readonly<Record<string, string>> | undefined,
  name: string,
): string | undefined {
  const key = `${PREFIX}${name}`;
  const value = attributes !== undefined && Object.hasOwn(attributes, key) ? attributes[key] : undefined;
  return value === undefined ? undefined : decodeEntities(value);
}

function decodeEntities(value: string): string {
  const head = value.slice(0, VALUE_CHARS);
  if (!head.includes("&")) return head;
  return head.replace(ENTITY, (whole, name?: string, decimal?: string, hexadecimal?: string) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const point = decimal === undefined ? Number.parseInt(hexadecimal ?? "", 16) : Number(decimal);
    return point > 0x10_ffff ? whole : String.fromCodePoint(point);
  });
}
