/** A GraphQL node id in the shape GitHub uses: a type prefix and an opaque part. */
export function nodeId(prefix: string, id: number): string {
  return `${prefix}_${Buffer.from(String(id)).toString("base64url")}`;
}
