import { presentLabel } from "../../present/issues/label.ts";
import type { Issue, Label, Repo } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";
import { emitIssueEvent, noteIssueEvent, touchIssue } from "../issues/issue-events.ts";

const DEFAULT_COLOR = "ededed";

export function findLabel(repo: Repo, name: string): Label | undefined {
  const wanted = name.toLowerCase();
  return repo.labels.get(name) ?? [...repo.labels.values()].find((one) => one.name.toLowerCase() === wanted);
}

export interface NewLabel {
  readonly name: string;
  readonly color?: string | undefined;
  readonly description?: string | null | undefined;
  readonly sender: User;
}

/** Adds a label to the repository; the caller has made sure that the name is free. */
export function createLabel(world: World, repo: Repo, { name, color, description, sender }: NewLabel): Label {
  const label: Label = {
    id: world.nextId(),
    name,
    color: color ?? DEFAULT_COLOR,
    description: description ?? null,
  };
  repo.labels.set(name, label);
  emitLabel(world, { repo, label, action: "created", sender });
  return label;
}

/** The label of that name, made first when an issue asks for one that the repository does not have. */
export function ensureLabel(world: World, repo: Repo, values: NewLabel): Label {
  return findLabel(repo, values.name) ?? createLabel(world, repo, values);
}

export interface LabelEdit {
  readonly name?: string | undefined;
  readonly color?: string | undefined;
  readonly description?: string | null | undefined;
}

/** Changes a label; issues that carry it follow a new name. */
export function editLabel(
  world: World,
  { repo, label, edit, sender }: { repo: Repo; label: Label; edit: LabelEdit; sender: User },
): void {
  const before = { ...label };
  label.name = edit.name ?? label.name;
  label.color = edit.color ?? label.color;
  label.description = edit.description === undefined ? label.description : edit.description;
  if (label.name !== before.name) renameEverywhere(repo, { label, from: before.name });
  const changes = {
    ...(label.name !== before.name && { name: { from: before.name } }),
    ...(label.color !== before.color && { color: { from: before.color } }),
    ...(label.description !== before.description && { description: { from: before.description ?? "" } }),
  };
  emitLabel(world, { repo, label, action: "edited", sender, extra: { changes } });
}

/** Deletes a label and takes it off every issue. The `unlabeled` of these names no label: there is none any more. */
export function deleteLabel(
  world: World,
  { repo, label, sender }: { repo: Repo; label: Label; sender: User },
): void {
  repo.labels.delete(label.name);
  const carriers = [...repo.issues.values()].filter((issue) => issue.labels.delete(label.name));
  emitLabel(world, { repo, label, action: "deleted", sender });
  for (const issue of carriers) emitIssueEvent(world, { repo, issue, action: "unlabeled", sender });
}

export interface IssueLabels {
  readonly repo: Repo;
  readonly issue: Issue;
  readonly names: readonly string[];
  readonly sender: User;
}

export function addLabels(world: World, { repo, issue, names, sender }: IssueLabels): void {
  for (const asked of names) {
    const { name } = ensureLabel(world, repo, { name: asked, sender });
    if (issue.labels.has(name)) continue;
    issue.labels.add(name);
    touchIssue(world, issue);
    emitLabelChange(world, { repo, issue, name, action: "labeled", sender });
  }
}

export function removeLabels(world: World, { repo, issue, names, sender }: IssueLabels): void {
  for (const name of names) {
    if (!issue.labels.delete(name)) continue;
    touchIssue(world, issue);
    emitLabelChange(world, { repo, issue, name, action: "unlabeled", sender });
  }
}

/** Makes exactly these labels the issue's labels. */
export function setLabels(world: World, change: IssueLabels): void {
  const wanted = new Set(change.names.map((name) => findLabel(change.repo, name)?.name ?? name));
  const surplus = [...change.issue.labels].filter((name) => !wanted.has(name));
  removeLabels(world, { ...change, names: surplus });
  addLabels(world, change);
}

export interface LabelChange {
  readonly repo: Repo;
  readonly issue: Issue;
  readonly name: string;
  readonly action: "labeled" | "unlabeled";
  readonly sender: User;
}

export function emitLabelChange(world: World, { repo, issue, name, action, sender }: LabelChange): void {
  const label = repo.labels.get(name);
  if (!label) return;
  noteIssueEvent(world, { issue, event: action, actor: sender, label });
  emitIssueEvent(world, { repo, issue, action, sender, extra: { label: presentLabel(world, repo, label) } });
}

interface LabelEvent {
  readonly repo: Repo;
  readonly label: Label;
  readonly action: string;
  readonly sender: User;
  readonly extra?: Readonly<Record<string, unknown>>;
}

function emitLabel(world: World, { repo, label, action, sender, extra }: LabelEvent): void {
  const payload = { label: presentLabel(world, repo, label), ...extra };
  world.emit({ event: "label", action, repo, sender, payload });
}

function renameEverywhere(repo: Repo, { label, from }: { label: Label; from: string }): void {
  repo.labels.delete(from);
  repo.labels.set(label.name, label);
  for (const issue of repo.issues.values()) if (issue.labels.delete(from)) issue.labels.add(label.name);
}
