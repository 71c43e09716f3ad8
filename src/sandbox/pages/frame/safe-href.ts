const WEB_ADDRESS = /^(?:https?:\/\/|mailto:)/i;
const SCHEME_OR_HOST = /^(?:[^/?#]*:|\/{2})/;
const ODD = /[\p{Cc}\s\\"'<>]/u;

export interface HrefSetting {
  readonly baseUrl: string;
  /** Path that relative addresses start from, when not the page they are shown on. */
  readonly relativeTo?: string | undefined;
}

/**
 * An address that may stand in a link: of the web or of this server, never `javascript:` or the like. What leads to this
 * server's own pages loses its host, so that it works by whatever name the server is visited.
 */
export function safeHref(url: string, { baseUrl, relativeTo }: HrefSetting): string | undefined {
  if (url === "" || ODD.test(url)) return undefined;
  if (url.startsWith(`${baseUrl}/`)) return safeHref(url.slice(baseUrl.length), { baseUrl });
  if (WEB_ADDRESS.test(url)) return url;
  if (SCHEME_OR_HOST.test(url)) return undefined;
  return relativeTo === undefined ? url : resolvePath(url, relativeTo);
}

function resolvePath(url: string, from: string): string {
  const { pathname, search, hash } = new URL(url, `http://localhost${from}`);
  return pathname + search + hash;
}
