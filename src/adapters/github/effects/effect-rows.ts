import { cancelRunRow } from "./cancel-run.ts";
import { checkRow } from "./check.ts";
import { closeIssueRow } from "./close-issue.ts";
import { closePullRow } from "./close-pull.ts";
import { commentRow } from "./comment.ts";
import { dispatchRow } from "./dispatch.ts";
import type { EffectKind, EffectRow } from "./effect-row.ts";
import { filePullRow } from "./file-pull.ts";
import { issueRow } from "./issue.ts";
import { labelsRow } from "./labels.ts";
import { mergeRow } from "./merge.ts";
import { openIssueRow } from "./open-issue.ts";
import { publishRow } from "./publish.ts";
import { reactRow } from "./react.ts";
import { replyRow } from "./reply.ts";
import { revertRow } from "./revert.ts";

/** Everything that can be done on GitHub; an effect without a row does not compile. */
export const EFFECT_ROWS: { readonly [K in EffectKind]: EffectRow } = {
  comment: commentRow,
  labels: labelsRow,
  check: checkRow,
  issue: issueRow,
  "file-pull": filePullRow,
  dispatch: dispatchRow,
  "cancel-run": cancelRunRow,
  publish: publishRow,
  merge: mergeRow,
  revert: revertRow,
  "open-issue": openIssueRow,
  "close-issue": closeIssueRow,
  "close-pull": closePullRow,
  reply: replyRow,
  react: reactRow,
};
