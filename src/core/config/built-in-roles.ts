/** The roles that exist without being written down; a file may change any of their fields. */
export const builtInRoles = {
  bugfix: { team: "qa", workflow: "agent.yml", branch: "fix/" },
  "code-quality": { team: "qa", workflow: "agent.yml", branch: "fix/" },
  "test-fixer": { team: "qa", workflow: "agent.yml", branch: "fix/" },
  "feature-builder": { team: "dev", workflow: "agent.yml", branch: "feature/" },
  "test-writer": { team: "dev", workflow: "agent.yml", branch: "feature/" },
  "data-engineer": { team: "dev", workflow: "agent.yml", branch: "feature/" },
} as const;

/** What a role has when neither the file nor the built-in role of its name says otherwise. */
export const roleDefaults = { branch: "feature/", attempts: 15, timeout: "60m" } as const;
