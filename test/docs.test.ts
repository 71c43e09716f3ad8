import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { generateTableFiles } from "../scripts/generate-docs.ts";
import { VARIABLES } from "../src/environment-variables.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

const manifest: {
  version: string;
  scripts: Record<string, string>;
  optionalDependencies: Record<string, string>;
} = JSON.parse(read("package.json"));
const PAGES = [
  ...readdirSync(ROOT).filter((name) => name.endsWith(".md")),
  ...readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
const VARIABLE_NAMES = VARIABLES.map(({ name }) => name);

describe("what is generated from tables", () => {
  it.each(generateTableFiles())("$path is up to date (npm run docs)", ({ path, text }) => {
    expect(read(path)).toBe(text);
  });
});

describe("pages", () => {
  it.each(PAGES)("%s links to files and headings that are there", (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(
      ([, link]) => link ?? "",
    );

    const broken = links.filter((link) => {
      const [file = "", heading] = link.split("#");
      const target = file === "" ? page : join(dirname(page), file);
      if (!existsSync(join(ROOT, target))) return true;
      return heading !== undefined && !listHeadings(read(target)).includes(heading);
    });

    expect(broken).toEqual([]);
  });

  it.each([...PAGES, ".ci/run", "package.json"])("%s names scripts that are there", (page) => {
    const named = [...read(page).matchAll(/\bnpm run (?:--silent )?([a-z][\w:-]*)/g)].map(
      ([, name]) => name ?? "",
    );

    expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
  });

  it("CHANGELOG.md begins with the version that package.json has", () => {
    expect(/^## (\S+)$/m.exec(read("CHANGELOG.md"))?.[1]).toBe(manifest.version);
  });
});

describe(".env.example", () => {
  it("holds no secret and no value that would let the server start unread", () => {
    const set = read(".env.example")
      .split("\n")
      .filter((line) => /^[A-Z]/.test(line));

    expect(set).toEqual(["APP_ID=", "WEBHOOK_SECRET="]);
  });
});

describe("the image", () => {
  const dockerfile = read("Dockerfile");

  it("has the Node that npm installs", () => {
    const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    const versions = new Set(Object.values(manifest.optionalDependencies));

    expect(versions.size).toBe(1);
    expect(new Set(images)).toEqual(new Set([`node:${[...versions][0]}-bookworm-slim`]));
  });

  it("copies only what the builder is sent, and is sent neither secrets nor the sandbox", () => {
    const rules = read(".dockerignore")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    const sent = rules.filter((rule) => rule.startsWith("!")).map((rule) => rule.slice(1));
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files]) =>
      files?.split(" "),
    );

    expect(rules[0]).toBe("*");
    expect(new Set(copied)).toEqual(new Set(sent));
    expect(rules).toContain("src/sandbox");
  });

  it("runs without rights, and sets variables that the server reads", () => {
    const [, block = ""] = /^ENV ((?:.*\\\n)*.*)/m.exec(dockerfile) ?? [];
    const names = [...block.matchAll(/([A-Z_]+)=/g)].map(([, name]) => name ?? "");

    expect(dockerfile).toMatch(/^USER node$/m);
    expect(names.filter((name) => !["NODE_ENV", ...VARIABLE_NAMES].includes(name))).toEqual([]);
  });
});

describe("compose.yaml", () => {
  const { services } = parse(read("compose.yaml"));

  it("sets variables that the server reads", () => {
    expect(Object.keys(services.app.environment).filter((name) => !VARIABLE_NAMES.includes(name))).toEqual(
      [],
    );
  });

  it("publishes the server on this machine only and the database not at all", () => {
    expect(services.app.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:/)]);
    expect(services.postgres).not.toHaveProperty("ports");
  });

  it("pins the database to a minor version, 15 or newer", () => {
    expect(services.postgres.image).toMatch(/^postgres:(?:1[5-9]|[2-9]\d)\.\d+-/);
  });
});

/** The anchors that GitHub gives to the headings of a page. */
function listHeadings(text: string): readonly string[] {
  return [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
