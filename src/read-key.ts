import { readFileSync } from "node:fs";
import { PrivateKeyProblem, readPrivateKey } from "./adapters/github/client/private-key.ts";

/** The app's private key, from the variable that holds it or the file that a variable names. */
export function readKey(
  { PRIVATE_KEY: inline, PRIVATE_KEY_PATH: path }: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string = readTextFile,
): { readonly ok: true; readonly pem: string } | { readonly ok: false; readonly problem: string } {
  const refuse = (problem: string) => ({ ok: false as const, problem });
  if (inline !== undefined && path !== undefined) {
    return refuse("PRIVATE_KEY and PRIVATE_KEY_PATH are both set; keep one of them.");
  }
  const name = inline === undefined ? "PRIVATE_KEY_PATH" : "PRIVATE_KEY";
  try {
    if (inline !== undefined) return { ok: true, pem: readPrivateKey(inline) };
    if (path !== undefined) return { ok: true, pem: readPrivateKey(readFile(path)) };
  } catch (error) {
    if (error instanceof PrivateKeyProblem) return refuse(`${name} cannot be used: ${error.message}`);
    return refuse(
      `${name} names a file that cannot be read (${codeOf(error)}); correct the path or its rights.`,
    );
  }
  return refuse(
    "PRIVATE_KEY must be the app's private key (PEM), or PRIVATE_KEY_PATH the file that holds it.",
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}

function readTextFile(path: string): string {
  return readFileSync(path, "utf8");
}
