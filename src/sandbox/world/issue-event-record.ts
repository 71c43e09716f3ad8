import type { User } from "./user.ts";

/** One line of an issue's history; `label` only where one came or went. */
export interface IssueEventRecord {
  readonly id: number;
  readonly event: "labeled" | "unlabeled" | "closed" | "reopened" | "transferred" | "converted_to_discussion";
  readonly actor: User;
  readonly label: { readonly name: string; readonly color: string } | null;
  readonly createdAt: Date;
}
