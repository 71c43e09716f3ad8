import { expect, it } from "vitest";
import { configWith } from "../support/small-repository.ts";
import { OWNER, REPO, runStory } from "../support/story.ts";
const about = { owner: OWNER, repo: REPO };
const VERIFY = "orchestrator / verify";
it("whoever asked for a task cannot approve what it left behind, also when its pull request was closed in between", async () => {
  await runStory(
    async (story) => {
      const issue = await story.open({ labels: ["bug"], answers: { agent: [{ changes: { "src/b.mjs": "1\n" } }] } });
      await story.label(issue, "mia");
      await story.settled();
      const [pull] = story.pulls();
      const number = pull?.number ?? 0;
      console.log(pull, (await story.task(issue))?.state);
      await story.as("max").rest.pulls.update({ ...about, pull_number: number, state: "closed" });
      await story.settled();
      console.log((await story.task(issue))?.state, (await story.task(issue))?.pull);
      await story.as("max").rest.pulls.update({ ...about, pull_number: number, state: "open" });
      await story.settled();
      const sha = story.pulls()[0]?.headSha ?? "";
      const verdict = () => story.checks(VERIFY).filter((c) => c.headSha === sha).map((c) => `${c.status} ${c.conclusion} ${c.output.title}`);
      console.log(verdict());
      await story.comment(number, "mia", `/orchestrate approve ${sha}`);
      await story.settled();
      console.log(verdict(), story.replies(number));
    },
    { files: { ".github/orchestrator.yml": configWith("autonomy: merge", "autonomy: merge-with-approval") }, isTroubled: true },
  );
});
