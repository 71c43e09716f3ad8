import { createFamily, type Describe, showList, showOr, weighCeiling } from "../compare-values.ts";
import type { Config, Stage } from "../config.ts";
import { createDemands } from "./demands.ts";
import { limitMeanings } from "./general.ts";
import { sharedKinds } from "./kinds.ts";
import { showDuration } from "./roles.ts";

interface Place {
  readonly key: string;
  readonly stage: Stage;
  /** What the stage has of its role, in both configurations alike. */
  readonly inherits: { readonly workflow: boolean; readonly timeout: boolean };
}

/** Stages that both configurations have; others are shown by the list of stages. */
function sharedStages(config: Config, other: Config): readonly Place[] {
  return sharedKinds(config, other).flatMap((kind) =>
    kind.stages.flatMap((stage): readonly Place[] => {
      const twin = other.kinds[kind.name]?.stages.find(({ name }) => name === stage.name);
      if (twin === undefined) return [];
      const here = inherit(stage, config, kind.role);
      const there = inherit(twin, other, other.kinds[kind.name]?.role ?? "");
      const inherits = {
        workflow: here.workflow && there.workflow,
        timeout: here.timeout && there.timeout,
      };
      return [{ key: `kinds.${kind.name}.stages.${stage.name}`, stage, inherits }];
    }),
  );
}

function inherit(stage: Stage, config: Config, roleName: string): Place["inherits"] {
  const role = config.roles[roleName];
  return {
    workflow: stage.workflow === role?.workflow,
    timeout: stage.timeoutMs === role?.timeoutMs,
  };
}

const workflow = createFamily<string>({
  read: (config, other) =>
    sharedStages(config, other)
      .filter(({ inherits }) => !inherits.workflow)
      .map(({ key, stage }) => [`${key}.workflow`, stage.workflow]),
  weigh: () => "looser",
  show: showOr("none"),
  means: {
    looser: ["workflow-changed", "Another workflow runs this stage; what it may do is for you to see."],
  },
});

const inputs = createFamily<readonly string[]>({
  read: (config, other) =>
    sharedStages(config, other).flatMap(({ key, stage }) =>
      Object.entries(stage.inputs).map(([input, values]) => [`${key}.inputs.${input}`, values] as const),
    ),
  weigh: () => "neutral",
  show: showList("none"),
  means: { neutral: ["inputs-changed", "The workflow gets other values."] },
});

const accept = createDemands((config, other) =>
  sharedStages(config, other).map(({ key, stage }) => ({ key: `${key}.accept`, demands: stage.accept })),
);

const timeout = createFamily<number>({
  read: (config, other) =>
    sharedStages(config, other)
      .filter(({ inherits }) => !inherits.timeout)
      .map(({ key, stage }) => [`${key}.timeout`, stage.timeoutMs]),
  weigh: weighCeiling,
  show: showDuration,
  means: limitMeanings("The stage may take longer.", "The stage is cancelled earlier."),
});

/** Keys of single stages. */
export const stageFamilies: readonly Describe[] = [workflow, inputs, ...accept, timeout];
