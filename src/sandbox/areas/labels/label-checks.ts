import { validationFailed } from "../../http/body-fields.ts";

const MAX_NAME = 50;
const MAX_DESCRIPTION = 100;
const MAX_LABELS = 100;

/** Refuses label names that GitHub could not keep, and too many of them. */
export function checkLabelNames(names: readonly string[]): void {
  if (names.length > MAX_LABELS) {
    const message = `Issues cannot have more than ${MAX_LABELS} labels`;
    throw validationFailed({ resource: "Issue", code: "custom", field: "labels", message });
  }
  for (const name of names) checkLabelName(name);
}

export function checkLabelName(name: string): void {
  if (name.trim() === "") throw validationFailed({ resource: "Label", code: "missing_field", field: "name" });
  if (name.length <= MAX_NAME) return;
  const message = `name is too long (maximum is ${MAX_NAME} characters)`;
  throw validationFailed({ resource: "Label", code: "custom", field: "name", message });
}

export function checkLabelLook({
  color,
  description,
}: {
  readonly color?: string | undefined;
  readonly description?: string | null | undefined;
}): void {
  if (color !== undefined && !/^[0-9a-f]{6}$/i.test(color)) {
    throw validationFailed({ resource: "Label", code: "invalid", field: "color" });
  }
  if ((description ?? "").length <= MAX_DESCRIPTION) return;
  const message = `description is too long (maximum is ${MAX_DESCRIPTION} characters)`;
  throw validationFailed({ resource: "Label", code: "custom", field: "description", message });
}
