import type { Permission } from "../repo.ts";

/** Says why a label started nothing, and who can make it work. */
export function intakeRefusal(facts: {
  readonly login: string;
  readonly permission: Permission;
  readonly needed: Permission;
  readonly label: string;
}): string {
  return [
    `@${facts.login}: the label \`${facts.label}\` hands this issue to workflows that run code, which needs **${facts.needed}**; you have **${facts.permission}**.`,
    "",
    `Nothing was started. Somebody with ${facts.needed} access can write \`/orchestrate run\`, or remove the label and add it again.`,
  ].join("\n");
}
