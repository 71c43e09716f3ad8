import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { generateCommandFiles } from "../../../scripts/generate-command-docs.ts";

describe("what is generated from the table of commands", () => {
  it.each(generateCommandFiles())(
    "$path is up to date (node scripts/generate-command-docs.ts)",
    ({ path, text }) => {
      expect(readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8")).toBe(text);
    },
  );
});
