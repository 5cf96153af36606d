/// <reference types="node" />
import { readdir, readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const pack = promisify(gzip);

/** Letters and pictures that are compressed already. */
const PACKED = new Set([".woff2", ".png"]);

/** A file is kept compressed where that saves a tenth of it at least. */
const WORTH = 0.9;

/** Puts beside each file that is built the same one compressed, which is what the binary carries and sends. */
export function compressed(): Plugin {
  let folder = "";
  return {
    name: "compressed",
    apply: "build",
    configResolved: (config) => {
      folder = config.build.outDir;
    },
    closeBundle: {
      order: "post",
      sequential: true,
      handler: async () => {
        const entries = await readdir(folder, { recursive: true, withFileTypes: true });
        const files = entries.filter((entry) => entry.isFile() && !PACKED.has(extname(entry.name)));
        await Promise.all(files.map((file) => beside(join(file.parentPath, file.name))));
      },
    },
  };
}

async function beside(path: string) {
  const plain = await readFile(path);
  const packed = await pack(plain, { level: constants.Z_BEST_COMPRESSION });
  if (packed.length < WORTH * plain.length) await writeFile(`${path}.gz`, packed);
}
