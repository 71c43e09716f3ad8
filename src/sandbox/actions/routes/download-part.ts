import type { Part } from "../../http/create-server.ts";
import type { World } from "../../world/world.ts";
import { serveDownload } from "./downloads.ts";

const DOWNLOAD_PATH = /^\/_sandbox\/download\/([\w-]+)$/;
const ZIP_SIGNATURE = Buffer.from("PK");

/** The part of the server behind the addresses that logs and artifacts redirect to; it asks for no token. */
export function createDownloadPart(world: World): Part {
  return async (request, response) => {
    const token = DOWNLOAD_PATH.exec(request.url ?? "")?.[1];
    if (token === undefined) return false;
    const bytes = serveDownload(world, token);
    const isZip = bytes !== undefined && ZIP_SIGNATURE.equals(bytes.subarray(0, 2));
    response.writeHead(bytes === undefined ? 404 : 200, {
      "content-type": isZip ? "application/zip" : "text/plain; charset=utf-8",
      "content-length": String(bytes?.byteLength ?? 0),
    });
    response.end(bytes);
    return true;
  };
}
