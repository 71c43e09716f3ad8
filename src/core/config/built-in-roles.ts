interface BuiltInRole {
  readonly team: string;
  readonly workflow: string;
  readonly branch: string;
  /** The role that takes over while this one cannot work. */
  readonly backup: string;
}

const WORKFLOW = "agent.yml";

function inQa(backup: string): BuiltInRole {
  return { team: "qa", workflow: WORKFLOW, branch: "fix/", backup };
}

function inDev(backup: string): BuiltInRole {
  return { team: "dev", workflow: WORKFLOW, branch: "feature/", backup };
}

/** The roles that exist without being written down; a file may change any of their fields. */
export const builtInRoles = {
  bugfix: inQa("code-quality"),
  "code-quality": inQa("bugfix"),
  "test-fixer": inQa("bugfix"),
  "feature-builder": inDev("backend-architect"),
  "test-writer": inDev("test-automator"),
  "data-engineer": inDev("feature-builder"),
  explore: inDev("plan"),
  plan: inDev("architect-reviewer"),
  "backend-architect": inDev("feature-builder"),
  "test-automator": inDev("test-writer"),
  "code-reviewer": inQa("architect-reviewer"),
  "security-auditor": inQa("code-reviewer"),
  "performance-engineer": inDev("backend-architect"),
  "deployment-engineer": inDev("devops-troubleshooter"),
  "terraform-specialist": inDev("deployment-engineer"),
  "devops-troubleshooter": inQa("deployment-engineer"),
  "architect-reviewer": inQa("code-reviewer"),
  "knowledge-manager": inDev("explore"),
} as const satisfies Record<string, BuiltInRole>;

/** What a role has when neither the file nor the built-in role of its name says otherwise. */
export const roleDefaults = { branch: "feature/", attempts: 15, timeout: "60m" } as const;
