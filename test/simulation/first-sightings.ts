/**
 * Seeds whose history shows a planted bug, of those that the first few seeds do not show. Only where to look first: a bug that
 * is not seen there is looked for from seed 1 on.
 */
export const FIRST_SIGHTINGS: Readonly<Record<string, number>> = {
  "takes the same delivery twice": 4,
  "does actions under a known key again": 4,
  "writes tasks and effects in two steps": 9,
  "does not ask again before it acts": 11,
  "never compares with GitHub": 16,
  "forgets what was under way when it died": 5,
  "does not write again what changed while it was written": 4,
  "drops the events that follow from a plan": 7,
  "takes everybody for an administrator": 6,
  "never closes a pull request": 56,
  "never takes back what the critics refuse": 11,
  "never comments": 4,
  "never ends the check of a head that is replaced": 20,
  "forgets the run of an attempt": 8,
  "does not count what the week has used": 12,
  "lets whoever asked approve": 10,
  "does not hear of merges": 74,
  "listens to bots": 10,
  "takes a run that failed for one that did not": 4,
  "takes any result for its own": 7,
  "leaves credentials in what it tells": 17,
  "does not see into which branch": 205,
  "takes a failed check for a success": 5,
  "overlooks shadow mode": 9,
  "asks for one approval where two are needed": 6,
  "forgets stops": 11,
  "forgets to say why a task waits for a person": 19,
  "takes an order from whoever changes a comment": 137,
};
