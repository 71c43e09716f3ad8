import type { JobLog } from "./job-log.ts";
import type { SecretMask } from "./secret-mask.ts";

export interface Annotation {
  readonly level: "notice" | "warning" | "failure";
  readonly message: string;
  readonly title: string | null;
  readonly path: string | null;
  readonly line: number | null;
}

type Properties = Readonly<Partial<Record<string, string>>>;

const LEVELS: Readonly<Record<string, Annotation["level"]>> = {
  notice: "notice",
  warning: "warning",
  error: "failure",
};
const GROUP_WORDS: Readonly<Record<string, string>> = {
  group: "##[group]",
  endgroup: "##[endgroup]",
  debug: "##[debug]",
};
const COMMAND_PATTERN = /^\s*::([a-z-]+)(?: (.*?))?::(.*)$/i;

/** Reads a step's output line by line and carries out the workflow commands in it. */
export function createLineReader(setting: {
  readonly log: JobLog;
  readonly mask: SecretMask;
  readonly annotate: (annotation: Annotation) => void;
}): (line: string) => void {
  const { log, mask, annotate } = setting;
  let stopToken: string | null = null;

  function obey(command: string, properties: Properties, message: string): boolean {
    const level = LEVELS[command];
    if (level !== undefined) {
      log.write(`##[${command}]${message}`);
      annotate(toAnnotation(level, properties, mask.apply(message)));
    } else if (command === "add-mask") {
      mask.add(message);
    } else if (command === "stop-commands") {
      stopToken = message;
    } else if (GROUP_WORDS[command] !== undefined) {
      log.write(`${GROUP_WORDS[command]}${message}`);
    } else {
      return false;
    }
    return true;
  }

  return (line) => {
    if (stopToken !== null) {
      if (line.trim() === `::${stopToken}::`) stopToken = null;
      else log.write(line);
      return;
    }
    const match = COMMAND_PATTERN.exec(line);
    const done =
      match !== null &&
      obey((match[1] ?? "").toLowerCase(), readProperties(match[2] ?? ""), unescapeText(match[3] ?? ""));
    if (!done) log.write(line);
  };
}

function toAnnotation(level: Annotation["level"], properties: Properties, message: string): Annotation {
  const line = Number(properties.line);
  return {
    level,
    message,
    title: properties.title ?? null,
    path: properties.file ?? null,
    line: Number.isInteger(line) && line > 0 ? line : null,
  };
}

function readProperties(text: string): Properties {
  const pairs = text.split(",").map((pair) => {
    const equals = pair.indexOf("=");
    return [pair.slice(0, equals).trim(), unescapeText(pair.slice(equals + 1))] as const;
  });
  return Object.fromEntries(pairs.filter(([name]) => name !== ""));
}

function unescapeText(text: string): string {
  return text
    .replaceAll("%0D", "\r")
    .replaceAll("%0A", "\n")
    .replaceAll("%3A", ":")
    .replaceAll("%2C", ",")
    .replaceAll("%25", "%");
}
