import { parseDuration } from "../config/duration.ts";
import { freezeDeeply } from "../yaml/freeze-deeply.ts";
import { listProblems, type Path, type Problem } from "../yaml/problem.ts";
import { readYaml } from "../yaml/read-yaml.ts";
import { checkSchema, type Finding, locateFinding } from "../yaml/schema-problems.ts";
import { type Floor, type GatesFloor, NO_FLOOR, type Organisation } from "./organisation.ts";
import { type WrittenFloor, type WrittenOrganisation, writtenOrganisation } from "./written-organisation.ts";

export type ParsedOrganisation =
  | { readonly ok: true; readonly organisation: Organisation }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads the text of an owner's file; either all of it is right, or every problem is named. */
export function parseOrganisation(text: string): ParsedOrganisation {
  const document = readYaml(text);
  if (!document.ok) return document;
  const checked = checkSchema(writtenOrganisation, document);
  if (!checked.ok) return { ok: false, problems: listProblems(checked.problems) };
  const findings = findTwinWindows(checked.value);
  if (findings.length > 0)
    return { ok: false, problems: listProblems(findings.map((finding) => locateFinding(finding, document))) };
  return { ok: true, organisation: freezeDeeply(normaliseOrganisation(checked.value)) };
}

/** Two windows of one name would be told apart by nobody. */
function findTwinWindows(written: WrittenOrganisation): readonly Finding[] {
  const lists: readonly (readonly [Path, WrittenFloor["windows"]])[] = [
    [["windows"], written.windows],
    ...Object.entries(written.repositories).map(
      ([name, { windows }]) => [["repositories", name, "windows"], windows] as const,
    ),
  ];
  return lists.flatMap(([path, windows]) =>
    windows.flatMap(({ name }, index): readonly Finding[] => {
      if (windows.findIndex((other) => other.name === name) === index) return [];
      const message = `there are two windows named "${name}"`;
      return [{ path: [...path, index, "name"], at: "value", message }];
    }),
  );
}

function normaliseOrganisation({
  governed,
  repositories,
  version,
  ...floor
}: WrittenOrganisation): Organisation {
  return {
    version,
    governed,
    floors: [
      normaliseFloor(floor, null),
      ...Object.entries(repositories).map(([only, own]) => normaliseFloor(own, only)),
    ],
  };
}

function normaliseFloor(written: WrittenFloor, only: Floor["only"]): Floor {
  const { mode, autonomy, limits, ceilings, windows, gates } = written;
  return {
    ...NO_FLOOR,
    only,
    mode,
    autonomy,
    limits: { ...limits },
    ceilings,
    windows: windows.map(({ lasts, name, ...window }) => ({
      ...window,
      // The repository may have a window of the same name.
      name: `organisation: ${name}`,
      lastsMs: parseDuration(lasts),
    })),
    gates: normaliseGates(gates),
  };
}

/** What is only asked where something else holds asks for that too. */
function normaliseGates(written: WrittenFloor["gates"]): GatesFloor {
  const { paths, size, assertions, approvals, people, owners, integrity, evidence } = written;
  const { evaluation } = integrity;
  const linkedIssue = people.linkedIssue === true;
  return {
    protect: paths.protect,
    files: size.files,
    lines: size.lines,
    assertions: assertions === true,
    approvals,
    owners: owners === true,
    integrity: integrity.enabled === true || evaluation.length > 0,
    evaluation,
    artifacts: evidence.artifacts,
    people: {
      verify: people.verify === true || people.approvals !== undefined || linkedIssue,
      approvals: people.approvals ?? 0,
      linkedIssue,
    },
  };
}
