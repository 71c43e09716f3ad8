import { hasMarker } from "../marker.ts";
import type { EffectContext } from "./effect-row.ts";

interface MarkedText {
  readonly body?: string | null | undefined;
  readonly user?: { readonly id: number | bigint } | null;
  readonly performed_via_github_app?: { readonly id?: number | bigint } | null;
}

/** The first text with the marker that this app wrote; anybody can paste a marker. */
export async function findOwnText<T extends MarkedText>(
  context: EffectContext,
  pages: AsyncIterable<readonly T[]>,
  marker: string,
): Promise<T | undefined> {
  for await (const page of pages) {
    for (const text of page) {
      if (hasMarker(text.body, marker) && (await isOwn(context, text))) return text;
    }
  }
  return undefined;
}

/** Not every server says through which app a text was written; then the account decides. */
async function isOwn(context: EffectContext, text: MarkedText): Promise<boolean> {
  const appId = text.performed_via_github_app?.id;
  if (appId !== undefined) return Number(appId) === context.appId;
  const { botId } = await context.self();
  return botId !== null && Number(text.user?.id) === botId;
}
