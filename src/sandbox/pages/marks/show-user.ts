import { html } from "hono/html";
import type { User } from "../../world/user.ts";
import { userPath } from "../frame/paths.ts";
import type { Html, PageFile } from "../frame/visit.ts";

export function renderAvatar(user: User): Html {
  return html`<img class="avatar avatar-${user.type.toLowerCase()}" src="/ui/avatars/${user.id}" alt="" width="32" height="32">`;
}

/** The login as a link, with a badge for bots. */
export function renderUser(user: User): Html {
  const isBot = user.type === "Bot";
  return html`<a class="user" href="${userPath(user)}">${user.login.replace(/\[bot\]$/, "")}</a>${
    isBot && html` <span class="bot">bot</span>`
  }`;
}

/** A coloured square with the first letter of the login. */
export function avatarFile(user: User): PageFile {
  const hue = (user.id * 47) % 360;
  const [letter = "?"] = user.login.toUpperCase();
  const drawing = html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" fill="hsl(${hue} 42% 42%)"/><text x="16" y="21.5" font-family="sans-serif" font-size="16" font-weight="600" text-anchor="middle" fill="#fff">${letter}</text></svg>`;
  return { kind: "file", mediaType: "image/svg+xml", content: String(drawing) };
}
