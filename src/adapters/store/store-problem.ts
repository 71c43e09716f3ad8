/** The store cannot be opened or has stopped; the message says in one sentence what to do. */
export class StoreProblem extends Error {
  override readonly name = "StoreProblem";
}
