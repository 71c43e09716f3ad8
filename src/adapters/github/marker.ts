/** A hidden first line by which our own texts are found again. What stands in it cannot end the comment it is in. */
export function hiddenMarker(purpose: "comment" | "issue" | "reply" | "pull", key: string): string {
  return `<!-- orchestrator:${purpose} key=${encodeURI(key.toWellFormed()).replaceAll("-", "%2D")} -->`;
}

export function hasMarker(body: string | null | undefined, marker: string): boolean {
  return (body ?? "").trimStart().startsWith(marker);
}

interface Author {
  readonly user?: { readonly id: number } | null;
  readonly performed_via_github_app?: { readonly id?: number } | null;
}

/** Anybody can paste a marker; only what our app wrote is ours. */
export function isWrittenBy(text: Author, own: { readonly appId: number; readonly botId: number | null }): boolean {
  if (text.performed_via_github_app?.id === own.appId) return true;
  return own.botId !== null && text.user?.id === own.botId;
}
