import type { SecretMask } from "./secret-mask.ts";

/** GitHub keeps far more, but no reader of the sandbox needs it. */
export const MAX_LOG_BYTES = 4 * 1024 * 1024;

export interface JobLog {
  /** Writes one or more lines, masked and with the time in front. */
  readonly write: (text: string) => void;
  readonly error: (text: string) => void;
  readonly group: (title: string, lines: readonly string[]) => void;
}

export function createJobLog(setting: {
  readonly mask: SecretMask;
  readonly now: () => Date;
  readonly append: (lines: string) => void;
}): JobLog {
  let bytes = 0;
  let full = false;

  function write(text: string): void {
    if (full) return;
    const stamp = setting.now().toISOString();
    const lines = setting.mask
      .apply(text)
      .split(/\r?\n/)
      .map((line) => `${stamp} ${line}\n`)
      .join("");
    bytes += Buffer.byteLength(lines);
    full = bytes > MAX_LOG_BYTES;
    setting.append(full ? `${stamp} ##[warning]The log is longer than 4 MB; the rest is left out.\n` : lines);
  }

  return {
    write,
    error: (text) => write(`##[error]${text}`),
    group(title, lines) {
      write(`##[group]${title}`);
      for (const line of lines) write(line);
      write("##[endgroup]");
    },
  };
}
