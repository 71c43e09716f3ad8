#!/usr/bin/env node
// This file is plain JavaScript so that every Node can load it, also one that cannot run the TypeScript behind it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../src/cli.ts", import.meta.url));
const ownNode = fileURLToPath(
  new URL(`../node_modules/.bin/node${process.platform === "win32" ? ".cmd" : ""}`, import.meta.url),
);
const [major, minor] = process.versions.node.split(".").map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  await import("../src/cli.ts");
} else if (existsSync(ownNode)) {
  runWithOwnNode();
} else {
  process.stderr.write(
    `orchestrator needs Node 22.18 or newer, this is ${process.versions.node}. Run \`npm ci\` in its directory, which brings one along.\n`,
  );
  process.exitCode = 3;
}

function runWithOwnNode() {
  const child = spawn(ownNode, [cli, ...process.argv.slice(2)], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`orchestrator cannot start ${ownNode}: ${error.message}\n`);
    process.exitCode = 3;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === null ? 3 : 1);
  });
}
