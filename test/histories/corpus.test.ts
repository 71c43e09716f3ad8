import { describe, expect, it } from "vitest";
import { findUnseen, playHistory } from "../support/pull-model/play-history.ts";
import { readCorpus } from "../support/pull-model/read-histories.ts";

const corpus = readCorpus();

describe.each([...new Set(corpus.map(({ file }) => file))])("%s", (file) => {
  it.each(corpus.filter((known) => known.file === file))("$title", async ({ history, right }) => {
    const { standing, violations, isKeptBack, unseen } = await playHistory(history);

    expect(violations).toEqual([]);
    expect([...unseen, ...findUnseen(standing, right, "the end")]).toEqual([]);
    expect(isKeptBack).toBe(false);
    expect(standing.merged).toBe(right.merged);
    if (right.state !== undefined) expect(standing.state).toBe(right.state);
  });
});
