import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';

const END_OF_CENTRAL_DIRECTORY = 0x06054b50;
const CENTRAL_HEADER = 0x02014b50;

/** Unpacks a zip file without encryption and zip64, which is what asset bundlers write. */
export function unzip(file: string, target: string): void {
  const data = readFileSync(file);
  let end = data.length - 22;
  while (end >= 0 && data.readUInt32LE(end) !== END_OF_CENTRAL_DIRECTORY) end -= 1;
  if (end < 0) throw new Error(`${path.basename(file)} is not a zip file`);
  const count = data.readUInt16LE(end + 10);
  let at = data.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (data.readUInt32LE(at) !== CENTRAL_HEADER) throw new Error(`${path.basename(file)} is damaged`);
    at = extract(data, at, target);
  }
}

function extract(data: Buffer, at: number, target: string): number {
  const method = data.readUInt16LE(at + 10);
  const size = data.readUInt32LE(at + 20);
  const nameLength = data.readUInt16LE(at + 28);
  const next = at + 46 + nameLength + data.readUInt16LE(at + 30) + data.readUInt16LE(at + 32);
  const local = data.readUInt32LE(at + 42);
  const name = data.toString('utf8', at + 46, at + 46 + nameLength);
  const destination = path.resolve(target, name);
  // An entry named ../x must not leave the folder.
  if (destination !== target && !destination.startsWith(`${target}${path.sep}`)) throw new Error(`zip entry leaves its folder: ${name}`);
  if (name.endsWith('/')) {
    mkdirSync(destination, { recursive: true });
    return next;
  }
  const start = local + 30 + data.readUInt16LE(local + 26) + data.readUInt16LE(local + 28);
  const packed = data.subarray(start, start + size);
  if (method !== 0 && method !== 8) throw new Error(`zip compression ${method} is not supported`);
  mkdirSync(path.dirname(destination), { recursive: true });
  writeFileSync(destination, method === 0 ? packed : inflateRawSync(packed));
  return next;
}
