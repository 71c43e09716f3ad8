import type { Config } from "../config/config.ts";
import { rememberByText } from "../remember.ts";
import type { Problem } from "../yaml/problem.ts";
import { CLOSED_FLOOR, type Floor, floorsOf, NO_FLOOR, type Organisation } from "./organisation.ts";
import { parseOrganisation } from "./parse-organisation.ts";
import { tighten } from "./tighten.ts";

export const ORGANISATION_PATH = ".github/orchestrator-organisation.yml";
/** The owner's repository that the file is in. */
export const ORGANISATION_REPOSITORY = ".github";
/** Name of the check that carries what the file's reader says, in the repository that the file is in. */
export const ORGANISATION_CHECK = "orchestrator / organisation";

/** A file as it was read, and whose it is. */
export interface OrganisationText {
  readonly owner: string;
  readonly text: string;
}

/** What is kept of an owner's file with each of the owner's repositories. */
export interface StoredOrganisation {
  /** The newest reading; absent while nobody has looked. */
  readonly newest?: { readonly owner: string; readonly text: string | null } | undefined;
  /** The last valid one. */
  readonly good?: OrganisationText | undefined;
}

/** The owner's file as it counts for one repository. */
export interface OrganisationView {
  readonly owner: string;
  /** Text in force; null when none was ever valid. */
  readonly text: string | null;
  /** What is wrong with the newest text. */
  readonly problems: readonly Problem[];
  readonly floors: readonly Floor[];
}

const NO_FLOORS: readonly Floor[] = [NO_FLOOR];
const CLOSED_FLOORS: readonly Floor[] = [CLOSED_FLOOR];

/** Understands the owner's file for a repository; null when there is none. */
export function viewOrganisation(
  { newest, good }: StoredOrganisation,
  repository: string,
): OrganisationView | null {
  const known = newest ?? good;
  if (known === undefined || known.text === null) return null;
  const { owner, text } = known;
  const { problems } = readOrganisation(text);
  const { organisation } = good === undefined ? { organisation: null } : readOrganisation(good.text);
  if (organisation === null) return { owner, text: null, problems, floors: CLOSED_FLOORS };
  return { owner, text: good?.text ?? null, problems, floors: floorsFor(organisation, repository) };
}

/**
 * The text that is in force after a reading: a valid one replaces the last, a broken one does not. Another owner's says
 * nothing about this one's repositories, and where nobody has looked, nothing changes.
 */
export function chooseOrganisation({ newest, good }: StoredOrganisation): OrganisationText | undefined {
  if (newest === undefined) return good;
  const { owner, text } = newest;
  if (text === null) return undefined;
  if (readOrganisation(text).organisation !== null) return { owner, text };
  return good?.owner.toLowerCase() === owner.toLowerCase() ? good : undefined;
}

/** The repository's configuration on the floor of its owner's. */
export function standOn(own: Config, organisation: OrganisationView | null): Config {
  const floors = organisation?.floors ?? NO_FLOORS;
  const known = TIGHTENED.get(own) ?? new WeakMap<readonly Floor[], Config>();
  TIGHTENED.set(own, known);
  const config = known.get(floors) ?? floors.reduce(tighten, own);
  known.set(floors, config);
  return config;
}

/** Both are asked for with every event, and neither is ever changed. */
const TIGHTENED = new WeakMap<Config, WeakMap<readonly Floor[], Config>>();
const FLOORS = new WeakMap<Organisation, Map<string, readonly Floor[]>>();
const REMEMBERED_TEXTS = 16;

function floorsFor(organisation: Organisation, repository: string): readonly Floor[] {
  const known = FLOORS.get(organisation) ?? new Map<string, readonly Floor[]>();
  FLOORS.set(organisation, known);
  const floors = known.get(repository) ?? floorsOf(organisation, repository);
  known.set(repository, floors);
  return floors;
}

interface ReadOrganisation {
  readonly organisation: Organisation | null;
  readonly problems: readonly Problem[];
}

const readOrganisation = rememberByText((text): ReadOrganisation => {
  const parsed = parseOrganisation(text);
  return parsed.ok
    ? { organisation: parsed.organisation, problems: [] }
    : { organisation: null, problems: parsed.problems };
}, REMEMBERED_TEXTS);
