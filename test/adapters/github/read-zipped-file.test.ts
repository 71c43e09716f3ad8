import { deflateRawSync } from "node:zlib";
import { strToU8, type Zippable, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { readZippedFile, ZIP_LIMITS } from "../../../src/adapters/github/artifacts/read-zipped-file.ts";

const zip = (files: Zippable) => Buffer.from(zipSync(files));
const read = (archive: Buffer, limits = ZIP_LIMITS) => readZippedFile(archive, "result.json", limits);
const good = zip({ "result.json": strToU8('{"ok":true}'), "reports/junit.xml": strToU8("<x/>") });

/** An archive written by hand, since libraries refuse to write bad ones. */
function craft(
  entries: readonly {
    name: string;
    data?: string;
    attributes?: number;
    flags?: number;
    size?: number;
    crc?: number;
  }[],
) {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, data = "{}", attributes = 0, flags = 0x800, size, crc = 0 } of entries) {
    const bytes = deflateRawSync(Buffer.from(data));
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc, 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(size ?? Buffer.byteLength(data), 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, Buffer.from(name), bytes]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(attributes >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    const version = Buffer.from([20, 3]);
    centrals.push(Buffer.concat([Buffer.from("PK\x01\x02"), version, common, tail, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

describe("result archives", () => {
  it("gives the text of result.json", async () => {
    expect(await read(good)).toEqual({ kind: "found", text: '{"ok":true}' });
    expect(await read(zip({ "./result.json": strToU8("{}") }))).toEqual({ kind: "found", text: "{}" });
  });

  it.each<[string, Buffer, RegExp]>([
    ["nothing", Buffer.alloc(0), /end of central directory|too small|not a zip|Invalid/i],
    [
      "something that is no archive",
      Buffer.from("not a zip, but long enough to look for its directory"),
      /./,
    ],
    ["an archive cut off in the middle", good.subarray(0, good.length - 30), /./],
    ["an archive cut off in its data", Buffer.concat([good.subarray(0, 35), good.subarray(60)]), /./],
    ["no result.json", zip({ "other.json": strToU8("{}") }), /no result\.json/],
    ["a result.json in a folder only", zip({ "a/result.json": strToU8("{}") }), /no result\.json/],
    ["a name that climbs", craft([{ name: "../result.json" }]), /invalid relative path/],
    [
      "a name that climbs later",
      craft([{ name: "a/../../x" }, { name: "result.json" }]),
      /invalid relative path/,
    ],
    ["an absolute name", craft([{ name: "/etc/passwd" }]), /absolute path/],
    ["a name with a drive", craft([{ name: "C:\\result.json" }]), /invalid characters|absolute/],
    ["a name with a backslash", craft([{ name: "..\\result.json" }]), /invalid characters/],
    ["a name with a NUL", craft([{ name: "result.json\u0000.txt" }]), /NUL/],
    ["two entries of one name", craft([{ name: "result.json" }, { name: "result.json" }]), /two entries/],
    ["two entries of one place", craft([{ name: "result.json" }, { name: "./result.json" }]), /two entries/],
    ["a symbolic link", craft([{ name: "result.json", attributes: 0o120777 << 16 }]), /symbolic link/],
    ["an encrypted entry", craft([{ name: "result.json", flags: 0x801 }]), /encrypted/],
    ["a wrong checksum", craft([{ name: "result.json" }]), /damaged/],
    ["a size that is a lie", craft([{ name: "result.json", data: "x".repeat(100), size: 5 }]), /./],
    ["a bomb", zip({ "result.json": strToU8("0".repeat(1_000_000)) }), /100 times/],
    [
      "a bomb beside the result",
      zip({ "result.json": strToU8("{}"), bomb: new Uint8Array(1_000_000) }),
      /100 times/,
    ],
    ["text that is not UTF-8", zip({ "result.json": new Uint8Array([0xff, 0xfe, 0x00]) }), /not UTF-8/],
  ])("F135 S23 calls %s unreadable and says why", async (_what, archive, why) => {
    expect(await read(archive)).toEqual({ kind: "unreadable", why: expect.stringMatching(why) });
  });

  it.each([
    ["entries", { entries: 1 }, /2 entries/],
    ["bytes in all", { totalBytes: 12 }, /more than 12 bytes/],
    ["bytes of the result", { fileBytes: 10 }, /larger than 10/],
  ])("F135 S23 stops at too many %s", async (_what, limit, why) => {
    expect(await read(good, { ...ZIP_LIMITS, ...limit })).toEqual({
      kind: "unreadable",
      why: expect.stringMatching(why),
    });
  });

  it("F135 S23 survives every cut and every flipped byte of an archive", async () => {
    for (let at = 0; at < good.length; at += 1) {
      const flipped = Buffer.from(good);
      flipped[at] = (flipped[at] ?? 0) ^ 0xff;
      for (const archive of [good.subarray(0, at), flipped]) {
        const result = await read(archive);
        if (result.kind === "found") expect(result.text).toBe('{"ok":true}');
      }
    }
    expect(ZIP_LIMITS.ratio).toBe(100);
  });
});
