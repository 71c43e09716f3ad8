const MIN_BYTES = 32;
const MIN_DISTINCT_CHARACTERS = 8;
const REMEDY = "make one with: openssl rand -hex 32";

/** Says what makes a webhook secret unfit, and how to make a fit one; undefined means it is fit. */
export function findSecretProblem(secret: string | undefined): string | undefined {
  const problem = PROBLEMS.find(({ isFound }) => isFound(secret?.trim() ?? ""));
  return problem && `The webhook secret ${problem.complaint}; ${REMEDY}`;
}

/** The first that is found is told, so the order goes from the plainest to the subtlest. */
const PROBLEMS: readonly { isFound(secret: string): boolean; complaint: string }[] = [
  { isFound: (secret) => secret === "", complaint: "is not set" },
  {
    isFound: (secret) => secret.toLowerCase() === "development",
    complaint: "is the public default “development”, which anyone can sign with",
  },
  {
    isFound: (secret) => new TextEncoder().encode(secret).length < MIN_BYTES,
    complaint: `is shorter than ${MIN_BYTES} bytes`,
  },
  {
    isFound: (secret) => new Set(secret).size < MIN_DISTINCT_CHARACTERS,
    complaint: `has fewer than ${MIN_DISTINCT_CHARACTERS} different characters`,
  },
  { isFound: isRepetition, complaint: "repeats one short text" },
];

/** A text is a repetition exactly when it occurs in its own doubling before the end of the first copy. */
function isRepetition(secret: string): boolean {
  return `${secret}${secret}`.indexOf(secret, 1) < secret.length;
}
