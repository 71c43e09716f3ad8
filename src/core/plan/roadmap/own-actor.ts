import type { Actor } from "../../repo.ts";
import type { Draft } from "../draft.ts";

/** The app as the one who asked for a task; nobody has its id, so nobody is taken for it. */
export function ownActor({ own }: Pick<Draft, "own">): Actor {
  return { id: 0, login: `${own.slug}[bot]`, type: "Bot" };
}
