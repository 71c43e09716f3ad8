import { closeIssue, closePull, merge, publish, revert, writeFilePull } from "./pull-effects.ts";
import { cancelRun, dispatch } from "./run-effects.ts";
import { openIssue, writeCheck, writeComment, writeIssue, writeLabels, writeReply } from "./text-effects.ts";
import { type Done, done, type Thing, type ThingOf, type Trial } from "./trial.ts";

type Row<K extends Thing["kind"]> = (trial: Trial, thing: ThingOf<K>) => Promise<Done>;

/** What each kind of effect does on GitHub, request by request, each of which may fail before or after it was done. */
const ROWS: { readonly [K in Thing["kind"]]: Row<K> } = {
  comment: writeComment,
  labels: writeLabels,
  check: writeCheck,
  issue: writeIssue,
  dispatch,
  "cancel-run": async (trial, { runId }) => {
    await cancelRun(trial, runId);
    return done();
  },
  publish,
  merge,
  "file-pull": writeFilePull,
  "open-issue": openIssue,
  revert,
  "close-issue": closeIssue,
  "close-pull": closePull,
  reply: writeReply,
  react: async ({ wire }, { target }) => {
    await wire.write(() => ({ what: "reaction", target: `${target.kind} ${target.id}` }));
    return done();
  },
};

/** Does an effect as the app's adapter does it: looked for before it is done again. */
export async function doEffect(trial: Trial): Promise<Done> {
  const { effect } = trial;
  return doThing(trial, effect.sort === "projection" ? effect.projection : effect.action);
}

async function doThing<K extends Thing["kind"]>(trial: Trial, thing: ThingOf<K>): Promise<Done> {
  const row: Row<K> = ROWS[thing.kind as K];
  return row(trial, thing);
}
