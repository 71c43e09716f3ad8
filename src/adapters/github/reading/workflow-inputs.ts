import { load, YAMLException } from "js-yaml";

const MAX_WORKFLOW_CHARACTERS = 256 * 1024;
const TRIGGER = "workflow_dispatch";

/** Names of the inputs that a workflow file declares for being dispatched; null when it cannot be dispatched. */
export function readDispatchInputs(text: string | null): readonly string[] | null {
  if (text === null || text.length > MAX_WORKFLOW_CHARACTERS) return null;
  const workflow = parseYaml(text);
  // YAML 1.1 readers take the key `on` for the truth value.
  const triggers = readEntry(workflow, "on") ?? readEntry(workflow, "true");
  if (triggers === TRIGGER) return [];
  if (Array.isArray(triggers)) return triggers.includes(TRIGGER) ? [] : null;
  if (!isRecord(triggers) || !Object.hasOwn(triggers, TRIGGER)) return null;
  const inputs = readEntry(readEntry(triggers, TRIGGER), "inputs");
  return isRecord(inputs) ? Object.keys(inputs) : [];
}

function parseYaml(text: string): unknown {
  try {
    return load(text);
  } catch (error) {
    if (error instanceof YAMLException) return undefined;
    throw error;
  }
}

function readEntry(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
