import fc from "fast-check";
import { autonomies } from "../../../src/core/autonomy/autonomy.ts";
import type { Config } from "../../../src/core/config/config.ts";
import { parseConfig } from "../../../src/core/config/parse-config.ts";
import type { Floor } from "../../../src/core/organisation/organisation.ts";
import { floorsOf } from "../../../src/core/organisation/organisation.ts";
import { parseOrganisation } from "../../../src/core/organisation/parse-organisation.ts";

const optional = { requiredKeys: [] };
const autonomy = fc.constantFrom(...autonomies);
const globs = fc.uniqueArray(fc.constantFrom("src/**", "docs/*", "infra/**", "a.json"), { maxLength: 3 });
const some = fc.uniqueArray(fc.constantFrom("src/**", "docs/*", "infra/**"), { minLength: 1, maxLength: 2 });
const ceilings = fc.array(fc.record({ paths: some, autonomy }), { maxLength: 3 });
const windows = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom("freeze", "night", "release"),
    starts: fc.constantFrom("0 0 * * 6", "0 22 * * *"),
    lasts: fc.constantFrom("2h", "8h"),
    stops: fc.constantFrom(["merge"], ["dispatch"], ["dispatch", "merge"]),
  }),
  { selector: ({ name }) => name, maxLength: 3 },
);
const least = (min: number) => fc.integer({ min, max: 10 });
const limits = fc.record(
  {
    running: least(1),
    perTeam: fc.dictionary(fc.constantFrom("qa", "dev"), least(0), { maxKeys: 2 }),
    openPulls: least(1),
    minutesPerWeek: least(0),
    usdPerWeek: least(0),
    minutesPerTask: least(0),
    usdPerTask: least(0),
  },
  optional,
);
const size = fc.record({ files: least(1), lines: least(1) }, optional);
const artifacts = fc.uniqueArray(fc.constantFrom("sbom", "report", "coverage"), { maxLength: 2 });

const gates = fc.record(
  {
    paths: fc.record({ protect: globs }, optional),
    size,
    assertions: fc.boolean(),
    approvals: least(1),
    owners: fc.boolean(),
    people: fc.record({ verify: fc.boolean(), approvals: least(0), linkedIssue: fc.boolean() }, optional),
    integrity: fc.record({ enabled: fc.boolean(), evaluation: globs }, optional),
    evidence: fc.record({ artifacts }, optional),
  },
  optional,
);

const yes = fc.constant(true);
const gatesFloor = fc.record(
  {
    paths: fc.record({ protect: globs }, optional),
    size,
    assertions: yes,
    approvals: least(1),
    owners: yes,
    people: fc.record({ verify: yes, approvals: least(1), linkedIssue: yes }, optional),
    integrity: fc.record({ enabled: yes, evaluation: globs }, optional),
    evidence: fc.record({ artifacts }, optional),
  },
  optional,
);

/** Configurations as people could write them. */
export const anyConfig: fc.Arbitrary<Config> = fc
  .record(
    {
      mode: fc.constantFrom("active", "shadow"),
      autonomy,
      governed: fc.boolean(),
      limits,
      ceilings,
      windows,
      gates,
      roles: fc.record({ bugfix: fc.record({ autonomy }, optional) }, optional),
    },
    optional,
  )
  .map((written) => {
    const parsed = parseConfig(JSON.stringify({ version: 1, ...written }));
    if (!parsed.ok) throw new Error(JSON.stringify([written, parsed.problems]));
    return parsed.config;
  });

/** What an owner demands of a repository, as owners could write it. */
export const anyFloor: fc.Arbitrary<Floor> = fc
  .record(
    {
      mode: fc.constant("shadow"),
      autonomy,
      limits,
      ceilings,
      windows,
      gates: gatesFloor,
      governed: fc.constantFrom([], ["shop"]),
    },
    optional,
  )
  .map((written) => {
    const parsed = parseOrganisation(JSON.stringify({ version: 1, ...written }));
    if (!parsed.ok) throw new Error(JSON.stringify([written, parsed.problems]));
    const [floor] = floorsOf(parsed.organisation, "shop");
    if (floor === undefined) throw new Error("a file without a floor");
    return floor;
  });
