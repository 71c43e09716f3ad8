import { crc32 } from "node:zlib";
import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";

export interface ZipLimits {
  readonly entries: number;
  readonly totalBytes: number;
  readonly ratio: number;
  readonly fileBytes: number;
}

export const ZIP_LIMITS: ZipLimits = {
  entries: 1_000,
  totalBytes: 50 * 1024 * 1024,
  ratio: 100,
  fileBytes: 8 * 1024 * 1024,
};

/** What a file in an archive of untrusted origin says, or what is wrong with it or with the archive. */
export type ZippedFile =
  | { readonly kind: "found"; readonly text: string }
  | { readonly kind: "unreadable"; readonly why: string };

/** Some files of an archive, in the order in which they were asked for, or what is wrong with the archive. */
export type ZippedFiles =
  | { readonly kind: "opened"; readonly files: readonly (ZippedFile | { readonly kind: "missing" })[] }
  | { readonly kind: "unreadable"; readonly why: string };

/** The archive breaks a rule; the message says which. */
class ArchiveProblem extends Error {}

const SYMLINK = 0o120000;
const FILE_TYPE_MASK = 0o170000;

/** Reads one file of an archive. */
export async function readZippedFile(
  archive: Buffer,
  name: string,
  limits: ZipLimits = ZIP_LIMITS,
): Promise<ZippedFile> {
  const zipped = await readZippedFiles(archive, [name], limits);
  if (zipped.kind === "unreadable") return zipped;
  const [file] = zipped.files;
  return file === undefined || file.kind === "missing"
    ? { kind: "unreadable", why: `there is no ${name} in it` }
    : file;
}

/** Reads files of an archive, in memory; every entry is looked at before anything is unpacked. */
export async function readZippedFiles(
  archive: Buffer,
  names: readonly string[],
  limits: ZipLimits = ZIP_LIMITS,
): Promise<ZippedFiles> {
  try {
    const zip = await fromBufferPromise(archive, {
      lazyEntries: true,
      strictFileNames: true,
      validateEntrySizes: true,
    });
    const entries = await listEntries(zip, limits);
    const files: (ZippedFile | { readonly kind: "missing" })[] = [];
    for (const name of names) files.push(await readFile(zip, entries.get(normaliseName(name)), limits));
    return { kind: "opened", files };
  } catch (error) {
    return explain(error);
  }
}

async function readFile(zip: ZipFile, entry: Entry | undefined, limits: ZipLimits) {
  if (entry === undefined) return { kind: "missing" } as const;
  try {
    const text = decode(await readEntry(zip, entry, limits), entry.fileName);
    return { kind: "found", text } as const;
  } catch (error) {
    return explain(error);
  }
}

function explain(error: unknown): { readonly kind: "unreadable"; readonly why: string } {
  if (error instanceof Error) return { kind: "unreadable", why: error.message.slice(0, 300) };
  throw error;
}

async function listEntries(zip: ZipFile, limits: ZipLimits): Promise<ReadonlyMap<string, Entry>> {
  if (zip.entryCount > limits.entries) throw new ArchiveProblem(`it has ${zip.entryCount} entries`);
  const entries = new Map<string, Entry>();
  let totalBytes = 0;
  for await (const entry of zip.eachEntry()) {
    checkEntry(entry, limits);
    const path = normaliseName(entry.fileName);
    if (entries.has(path)) throw new ArchiveProblem(`two entries are named ${path}`);
    entries.set(path, entry);
    totalBytes += entry.uncompressedSize;
    if (totalBytes > limits.totalBytes) {
      throw new ArchiveProblem(`it unpacks to more than ${limits.totalBytes} bytes`);
    }
  }
  return entries;
}

function checkEntry(entry: Entry, limits: ZipLimits): void {
  const { fileName, compressedSize, uncompressedSize } = entry;
  if (fileName.includes("\u0000")) throw new ArchiveProblem("a name in it has a NUL character");
  if (entry.isEncrypted()) throw new ArchiveProblem(`${fileName} is encrypted`);
  if (((entry.externalFileAttributes >>> 16) & FILE_TYPE_MASK) === SYMLINK) {
    throw new ArchiveProblem(`${fileName} is a symbolic link`);
  }
  if (uncompressedSize > limits.ratio * Math.max(compressedSize, 1)) {
    throw new ArchiveProblem(`${fileName} unpacks to more than ${limits.ratio} times its size`);
  }
}

function normaliseName(name: string): string {
  const segments = name.normalize("NFC").split("/");
  return segments.filter((segment) => segment !== "" && segment !== ".").join("/");
}

async function readEntry(zip: ZipFile, entry: Entry, limits: ZipLimits): Promise<Buffer> {
  if (entry.uncompressedSize > limits.fileBytes) {
    throw new ArchiveProblem(`${entry.fileName} is larger than ${limits.fileBytes} bytes`);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  if (bytes.length !== entry.uncompressedSize || crc32(bytes) !== entry.crc32) {
    throw new ArchiveProblem(`${entry.fileName} is damaged`);
  }
  return bytes;
}

function decode(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ArchiveProblem(`${name} is not UTF-8 text`, { cause });
  }
}
