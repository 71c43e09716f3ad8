import { html, raw } from "hono/html";
import type { AlignType, Definition, Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import type { Repo } from "../../world/records.ts";
import { safeHref } from "../frame/safe-href.ts";
import type { Html } from "../frame/visit.ts";
import { renderTime } from "../marks/show-time.ts";
import { foldTags, type LiteralNode, type Piece, type TagName, type TagNode } from "./html-tags.ts";
import { linkWords } from "./link-words.ts";

export interface MarkdownSetting {
  readonly repo: Repo | undefined;
  readonly baseUrl: string;
  readonly now: Date;
  /** Comments keep the line breaks of their source, files do not. */
  readonly lineBreaks: "kept" | "joined";
  /** Path of the page that relative links start from, when not the page they are shown on. */
  readonly relativeTo?: string;
}

interface Scope extends MarkdownSetting {
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly depth: number;
  readonly isTight?: boolean;
  readonly isInLink?: boolean;
  readonly align?: readonly AlignType[];
}

/** Nobody nests deeper on purpose, and browsers give up as well. */
const MAX_DEPTH = 60;
/** The parser takes minutes over a line of thousands of nested quotes. */
const ABSURDLY_NESTED = /^(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t]))){100}/m;

/** GitHub-flavoured Markdown as HTML; foreign HTML stays text, but for a few harmless tags. */
export function renderMarkdown(text: string, setting: MarkdownSetting): Html {
  if (ABSURDLY_NESTED.test(text)) return html`<pre class="plain">${text}</pre>`;
  const root = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const definitions = collectDefinitions(root);
  return html`<div class="markdown">${renderChildren(root, { ...setting, definitions, depth: 0 })}</div>`;
}

/** Walks with a list of its own: the tree may be deeper than the call stack. */
function collectDefinitions(root: Nodes): ReadonlyMap<string, Definition> {
  const found = new Map<string, Definition>();
  const left: Nodes[] = [root];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (node.type === "definition" && !found.has(node.identifier)) found.set(node.identifier, node);
    if ("children" in node) left.push(...node.children.toReversed());
  }
  return found;
}

type Renderers = {
  readonly [Type in Piece["type"]]: (node: Extract<Piece, { type: Type }>, scope: Scope) => Html | string;
};

const RENDERERS: Renderers = {
  root: renderChildren,
  paragraph: (node, scope) =>
    scope.isTight ? renderChildren(node, scope) : html`<p>${renderChildren(node, scope)}</p>`,
  heading: (node, scope) =>
    html`<div class="h h${node.depth}" role="heading" aria-level="${Math.min(6, node.depth + 2)}">${renderChildren(node, scope)}</div>`,
  text: (node, scope) => renderText(node.value, scope),
  emphasis: (node, scope) => html`<em>${renderChildren(node, scope)}</em>`,
  strong: (node, scope) => html`<strong>${renderChildren(node, scope)}</strong>`,
  delete: (node, scope) => html`<del>${renderChildren(node, scope)}</del>`,
  inlineCode: (node) => html`<code>${node.value}</code>`,
  code: (node) => renderCode(node.value, node.lang ?? ""),
  break: () => html`<br>`,
  thematicBreak: () => html`<hr>`,
  blockquote: (node, scope) => html`<blockquote>${renderChildren(node, loosen(scope))}</blockquote>`,
  list: (node, scope) => {
    const items = renderChildren(node, { ...scope, isTight: !node.spread });
    return node.ordered ? html`<ol start="${node.start ?? 1}">${items}</ol>` : html`<ul>${items}</ul>`;
  },
  listItem: (node, scope) => {
    const isTight = scope.isTight === true && !node.spread;
    const task = typeof node.checked === "boolean" ? renderTaskBox(node.checked) : "";
    return html`<li${task === "" ? "" : raw(' class="task"')}>${task}${renderChildren(node, { ...scope, isTight })}</li>`;
  },
  table: (node, scope) => {
    const [head, ...rows] = node.children;
    const inner = { ...scope, align: node.align ?? [] };
    return html`<div class="scroll" tabindex="0"><table><thead>${head && renderRow(head, "th", inner)}</thead><tbody>${rows.map((row) => renderRow(row, "td", inner))}</tbody></table></div>`;
  },
  tableRow: (node, scope) => renderRow(node, "td", scope),
  tableCell: renderChildren,
  link: (node, scope) => renderLink(node.url, renderChildren(node, { ...scope, isInLink: true }), scope),
  linkReference: (node, scope) =>
    renderLink(
      scope.definitions.get(node.identifier)?.url ?? "",
      renderChildren(node, { ...scope, isInLink: true }),
      scope,
    ),
  image: (node, scope) => renderImage(node.url, node.alt ?? "", scope),
  imageReference: (node, scope) =>
    renderImage(scope.definitions.get(node.identifier)?.url ?? "", node.alt ?? "", scope),
  footnoteReference: (node) => html`<sup>[${node.identifier}]</sup>`,
  footnoteDefinition: (node, scope) =>
    html`<div class="footnote"><sup>[${node.identifier}]</sup> ${renderChildren(node, loosen(scope))}</div>`,
  tag: (node, scope) => TAGS[node.name](node, scope),
  literal: renderLiteral,
  definition: () => "",
  yaml: () => "",
  html: () => "",
};

const TAGS: Readonly<Record<TagName, (node: TagNode, scope: Scope) => Html>> = {
  details: (node, scope) =>
    html`<details${node.isOpen ? raw(" open") : ""}>${renderChildren(node, loosen(scope))}</details>`,
  summary: (node, scope) => html`<summary>${renderChildren(node, scope)}</summary>`,
  sub: (node, scope) => html`<sub>${renderChildren(node, scope)}</sub>`,
  "relative-time": (node, scope) => {
    const at = new Date(node.datetime ?? "");
    return Number.isNaN(at.getTime()) ? renderChildren(node, scope) : renderTime(at, scope.now);
  },
};

function renderChildren(node: { readonly children: readonly Piece[] }, scope: Scope): Html {
  if (scope.depth > MAX_DEPTH) return html`…`;
  const inner = { ...scope, depth: scope.depth + 1 };
  return html`${foldTags(node.children).map((child) => renderPiece(child, inner))}`;
}

function renderPiece<Type extends Piece["type"]>(
  node: Extract<Piece, { type: Type }> & { readonly type: Type },
  scope: Scope,
): Html | string {
  const render: Renderers[Type] = RENDERERS[node.type];
  return render(node, scope);
}

function loosen(scope: Scope): Scope {
  return { ...scope, isTight: false };
}

function renderText(text: string, scope: Scope): Html {
  const lines = scope.lineBreaks === "kept" ? text.split("\n") : [text];
  const shown = lines.map((line) => (scope.isInLink ? line : linkWords(line, scope.repo)));
  return html`${shown.map((line, index) => (index === 0 ? line : html`<br>${line}`))}`;
}

/** Text between HTML tags: Markdown did not read it, so its character references are still to be shown. */
function renderLiteral({ value }: LiteralNode): Html {
  return html`${value.split(REFERENCE).map((part, index) => (index % 2 === 1 ? raw(part) : part))}`;
}

const REFERENCE = /(&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,30});)/i;

function renderCode(code: string, language: string): Html {
  const block = html`<pre tabindex="0"><code>${code}</code></pre>`;
  if (language !== "mermaid") return block;
  return html`<figure><figcaption>Mermaid diagram, as text</figcaption>${block}</figure>`;
}

function renderTaskBox(isChecked: boolean): Html {
  const state = isChecked ? "done" : "to do";
  return html`<input type="checkbox" disabled aria-label="${state}"${isChecked ? raw(" checked") : ""}> `;
}

type Row = Extract<Nodes, { type: "tableRow" }>;

function renderRow(row: Row, tag: "th" | "td", scope: Scope): Html {
  const cells = row.children.map((cell, index) => {
    const align = scope.align?.[index];
    const side = align ? html` class="align-${align}"` : "";
    const content = renderChildren(cell, scope);
    return tag === "th" ? html`<th${side}>${content}</th>` : html`<td${side}>${content}</td>`;
  });
  return html`<tr>${cells}</tr>`;
}

function renderLink(url: string, content: Html, { baseUrl, relativeTo, isInLink }: Scope): Html {
  const href = safeHref(url, { baseUrl, relativeTo });
  return href === undefined || isInLink
    ? content
    : html`<a href="${href}" rel="nofollow noopener">${content}</a>`;
}

/** Pages load nothing from elsewhere, so an image is a link to it. */
function renderImage(url: string, alt: string, scope: Scope): Html {
  return renderLink(url, html`<span class="image">${alt === "" ? "image" : alt}</span>`, scope);
}
