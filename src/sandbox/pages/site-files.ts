import { readdirSync, readFileSync } from "node:fs";
import type { PageFile } from "./frame/visit.ts";

const STYLES = new URL("./styles/", import.meta.url);

/** The one stylesheet: its chapters in the order of their numbers. */
export const STYLESHEET: PageFile = {
  kind: "file",
  mediaType: "text/css; charset=utf-8",
  content: readdirSync(STYLES)
    .filter((name) => name.endsWith(".css"))
    .toSorted()
    .map((name) => readFileSync(new URL(name, STYLES), "utf8"))
    .join("\n"),
};

export const ICON: PageFile = {
  kind: "file",
  mediaType: "image/svg+xml",
  content: readFileSync(new URL("./icon.svg", import.meta.url), "utf8"),
};
