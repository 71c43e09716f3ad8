/** A hidden first line by which our own texts are found again. What stands in it cannot end the comment it is in. */
export function hiddenMarker(purpose: "comment" | "issue" | "reply" | "pull", key: string): string {
  return `<!-- orchestrator:${purpose} key=${encodeURI(key.toWellFormed()).replaceAll("-", "%2D")} -->`;
}

export function hasMarker(body: string | null | undefined, marker: string): boolean {
  return (body ?? "").trimStart().startsWith(marker);
}
