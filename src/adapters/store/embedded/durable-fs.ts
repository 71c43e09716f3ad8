import fs from "node:fs";
import { NodeFS } from "@electric-sql/pglite/nodefs";

/** The piece of PGlite's file system module that is patched: its NODEFS leaves `fsync` out. */
interface NodeFsModule {
  readonly NODEFS: {
    readonly stream_ops: { fsync?: (stream: OpenStream) => number };
    realPath(node: unknown): string;
  };
}

interface OpenStream {
  readonly nfd?: number | null;
  readonly node: unknown;
}

/**
 * PGlite's directory with a real fsync: as shipped it never syncs, so a power cut takes back what was acknowledged
 * (https://github.com/electric-sql/pglite/issues/1107).
 */
export class DurableFS extends NodeFS {
  #syncs = 0;

  /** How often a file was synced: still 0 after a commit means that the patch does not work any more. */
  get syncs(): number {
    return this.#syncs;
  }

  override async init(...args: Parameters<NodeFS["init"]>): ReturnType<NodeFS["init"]> {
    const { emscriptenOpts } = await super.init(...args);
    const install = (module: NodeFsModule): void => {
      module.NODEFS.stream_ops.fsync = (stream) => this.#sync(module, stream);
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), install] } };
  }

  #sync(module: NodeFsModule, stream: OpenStream): number {
    this.#syncs += 1;
    if (typeof stream.nfd === "number") {
      fs.fsyncSync(stream.nfd);
      return 0;
    }
    // A directory is opened without a descriptor.
    const descriptor = fs.openSync(module.NODEFS.realPath(stream.node), "r");
    try {
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    return 0;
  }
}
