import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

export type Handler = (event: unknown, context: unknown, callback: (error?: unknown, result?: unknown) => void) => unknown;

class HandlerError extends Error {
  constructor(override readonly name: string, message: string) {
    super(message);
  }
}

/** Resolves `dir/file.export.name` in the task root as Lambda does. */
export async function loadHandler(taskRoot: string, specification: string): Promise<Handler> {
  const base = path.basename(specification);
  const dot = base.indexOf('.');
  if (dot < 0) throw new HandlerError('Runtime.MalformedHandlerName', `Bad handler ${specification}`);
  const file = path.join(taskRoot, path.dirname(specification), base.slice(0, dot));
  const exported = await loadModule(file, base.slice(0, dot));
  let found: unknown = exported;
  for (const name of base.slice(dot + 1).split('.')) found = (found as Record<string, unknown> | undefined)?.[name];
  if (typeof found !== 'function') throw new HandlerError('Runtime.HandlerNotFound', `${specification} is undefined or not exported`);
  return found as Handler;
}

async function loadModule(file: string, name: string): Promise<Record<string, unknown>> {
  const found = ['.js', '.mjs', '.cjs', ''].map((extension) => `${file}${extension}`).find((candidate) => existsSync(candidate));
  if (!found) throw new HandlerError('Runtime.ImportModuleError', `Error: Cannot find module '${name}'`);
  const module = found.endsWith('.mjs') ? await importModule(found) : await requireModule(found);
  const defaults = module.default;
  return typeof defaults === 'object' && defaults !== null ? { ...defaults, ...module } : module;
}

async function requireModule(file: string): Promise<Record<string, unknown>> {
  try {
    return createRequire(file)(file) as Record<string, unknown>;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_REQUIRE_ESM' || code === 'ERR_REQUIRE_ASYNC_MODULE') return importModule(file);
    throw error;
  }
}

/** A bundler would try to follow a plain import(). */
const importModule = (file: string): Promise<Record<string, unknown>> =>
  (new Function('url', 'return import(url)') as (url: string) => Promise<Record<string, unknown>>)(pathToFileURL(file).href);
