import { styleText } from "node:util";

/** How the demo tells its story: with colour on a terminal, as plain lines in a pipe. */
export interface Printer {
  step(number: string, title: string): void;
  line(text: string): void;
  /** What the app wrote, indented. */
  quote(text: string): void;
}

const MAX_QUOTE_LINES = 24;

/** Prints to standard output with the seconds since the start. */
export function createPrinter(out: NodeJS.WriteStream): Printer {
  const startedAt = Date.now();
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    out.isTTY ? styleText(style, text) : text;
  const clock = () => paint("dim", `${String(Math.round((Date.now() - startedAt) / 1000)).padStart(3)} s`);
  const write = (text: string) => out.write(`${text}\n`);
  return {
    step: (number, title) => write(`\n${clock()}  ${paint("bold", `${number}. ${title}`)}`),
    line: (text) => write(`${clock()}  ${text}`),
    quote(text) {
      const lines = text
        .replace(/<!--[\s\S]*?-->\n?/gu, "")
        .trim()
        .split("\n");
      const shown = lines.slice(0, MAX_QUOTE_LINES);
      const rest = lines.length - shown.length;
      for (const line of shown) write(paint("cyan", `       │ ${line}`));
      if (rest > 0) write(paint("cyan", `       │ … ${rest} more lines`));
    },
  };
}

/** A printer for tests. */
export function createSilentPrinter(): Printer {
  return { step: () => undefined, line: () => undefined, quote: () => undefined };
}
