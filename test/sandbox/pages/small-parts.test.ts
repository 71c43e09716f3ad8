import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatBytes, formatDuration, relativeTime } from "../../../src/sandbox/pages/marks/show-time.ts";
import { standingOf, sumStandings } from "../../../src/sandbox/pages/marks/standing.ts";
import { renderLog } from "../../../src/sandbox/pages/runs/show-log.ts";

const NOW = new Date("2026-11-20T12:00:00Z");

function ago(seconds: number): Date {
  return new Date(NOW.getTime() - seconds * 1000);
}

describe("times", () => {
  it.each([
    [0, "now"],
    [1, "1 second ago"],
    [59, "59 seconds ago"],
    [60, "1 minute ago"],
    [7199, "1 hour ago"],
    [86_400, "yesterday"],
    [40 * 86_400, "last month"],
    [-90, "in 1 minute"],
  ])("%i seconds back is %s", (seconds, words) => {
    expect(relativeTime(ago(seconds), NOW)).toBe(words);
  });

  it.each([
    [0, "0 s"],
    [59, "59 s"],
    [120, "2 min"],
    [123, "2 min 3 s"],
    [3600, "1 h"],
    [3900, "1 h 5 min"],
  ])("%i seconds take %s", (seconds, words) => {
    expect(formatDuration(ago(seconds), NOW)).toBe(words);
  });

  it("writes sizes with a fitting unit", () => {
    expect([1023, 1536, 3 * 1024 * 1024].map(formatBytes)).toEqual(["1023 B", "1.5 KB", "3.0 MB"]);
  });
});

describe("the standing of many checks", () => {
  const good = standingOf({ status: "completed", conclusion: "success" });
  const bad = standingOf({ status: "completed", conclusion: "failure" });
  const calm = standingOf({ status: "completed", conclusion: "skipped" });
  const open = standingOf({ status: "in_progress", conclusion: null });

  it("is bad as soon as one is bad, then open, then good", () => {
    expect(sumStandings([good, open, bad])).toBe(bad);
    expect(sumStandings([good, open, calm])).toBe(open);
    expect(sumStandings([calm, good])).toBe(good);
    expect(sumStandings([calm])).toBe(calm);
    expect(sumStandings([])).toBeUndefined();
  });
});

describe("a log", () => {
  it("loses its colour codes", () => {
    expect(String(renderLog("\u001b[31mred\u001b[0m\n", "/raw"))).toContain('<span class="text">red</span>');
  });

  it("shows only its end when it is long, and says so", () => {
    const html = String(renderLog("line\n".repeat(2500), "/raw"));

    expect(html.match(/<li/g)).toHaveLength(2000);
    expect(html).toContain("500 earlier lines are not shown.");
  });
});

describe("the colours", () => {
  const folder = new URL("../../../src/sandbox/pages/styles/", import.meta.url);
  const css = readdirSync(folder)
    .toSorted()
    .map((name) => readFileSync(new URL(name, folder), "utf8"))
    .join("\n");
  const [light = "", dark = ""] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, rules]) => rules ?? "");
  const grounds = ["page", "panel", "sunk"];
  const inks = ["text", "muted", "link", "good", "bad", "warn", "done", "calm"];

  it.each([
    ["light", light],
    ["dark", dark],
  ])("contrast enough for everyone in %s", (_mode, rules) => {
    const pairs = [
      ...grounds.flatMap((ground) => inks.map((ink) => [ink, ground] as const)),
      ...["good", "bad", "warn", "done", "calm"].map((fill) => ["on-fill", fill] as const),
      ...["added", "removed"].map((ground) => ["text", ground] as const),
      ...["added", "removed", "hunk"].map((ground) => ["muted", ground] as const),
    ];

    for (const [ink, ground] of pairs) {
      const ratio = contrast(luminance(rules, ink), luminance(rules, ground));
      expect({ ink, ground, isEnough: ratio >= 4.5, ratio }).toMatchObject({ ink, ground, isEnough: true });
    }
  });
});

function luminance(rules: string, name: string): number {
  const [, hex = ""] = new RegExp(`--${name}: #([0-9a-f]{6});`).exec(rules) ?? [];
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.039_28 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}
