import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { AssetIndex, isRecord, StackTemplate, Template, UserError } from './types';

interface Artifact {
  readonly type?: string;
  readonly environment?: string;
  readonly properties?: Record<string, unknown>;
  readonly dependencies?: readonly string[];
  readonly displayName?: string;
}

interface FoundStack {
  readonly artifactId: string;
  readonly names: readonly string[];
  readonly stack: StackTemplate;
  readonly dependencies: readonly string[];
}

/**
 * Reads a cloud assembly (`cdk.out`), nested assemblies of Stages included.
 * @param wanted stack names (or ids) to run, with what they depend on; empty: all.
 * @returns stacks in deployment order.
 */
export function readAssembly(directory: string, wanted: readonly string[] = []): StackTemplate[] {
  const root = path.resolve(directory);
  if (!existsSync(root)) throw new UserError(`${directory} does not exist: run "npx cdk synth" first`);
  if (!statSync(root).isDirectory()) throw new UserError(`${directory} is not a directory: give the cloud assembly, usually cdk.out`);
  if (!existsSync(path.join(root, 'manifest.json'))) {
    throw new UserError(`${directory} is not a cloud assembly (it has no manifest.json): run "npx cdk synth" first`);
  }
  const stacks = collect(root);
  if (stacks.length === 0) throw new UserError(`${directory} has no stacks`);
  return inDeploymentOrder(stacks, selected(stacks, wanted));
}

function collect(directory: string): FoundStack[] {
  const manifest = readJson(path.join(directory, 'manifest.json'));
  const artifacts = (isRecord(manifest.artifacts) ? manifest.artifacts : {}) as Record<string, Artifact>;
  const assets = indexAssets(directory, artifacts);
  const found: FoundStack[] = [];
  for (const [id, artifact] of Object.entries(artifacts)) {
    if (artifact.type === 'aws:cloudformation:stack') {
      found.push(readStack(id, artifact, directory, assets));
    } else if (artifact.type === 'cdk:cloud-assembly') {
      const nested = artifact.properties?.directoryName;
      if (typeof nested === 'string') found.push(...collect(path.join(directory, nested)));
    }
  }
  return found;
}

function readStack(id: string, artifact: Artifact, directory: string, assets: AssetIndex): FoundStack {
  const file = String(artifact.properties?.templateFile ?? `${id}.template.json`);
  const name = String(artifact.properties?.stackName ?? id);
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(artifact.environment ?? '') ?? [];
  return {
    artifactId: id,
    names: [id, name, artifact.displayName ?? id],
    dependencies: artifact.dependencies ?? [],
    stack: {
      name,
      template: readTemplate(path.join(directory, file)),
      ...(region !== undefined && region !== 'unknown-region' ? { region } : {}),
      ...(account !== undefined && account !== 'unknown-account' ? { account } : {}),
      assets,
      directory,
    },
  };
}

export function readTemplate(file: string): Template {
  if (!existsSync(file)) throw new UserError(`${path.relative(process.cwd(), file)} does not exist: run "npx cdk synth" again`);
  const template = readJson(file) as Template;
  for (const [id, resource] of Object.entries(template.Resources ?? {})) {
    if (!isRecord(resource) || typeof resource.Type !== 'string') {
      throw new UserError(`${path.basename(file)}: resource ${id} has no Type`);
    }
  }
  return template;
}

function readJson(file: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UserError(`${path.relative(process.cwd(), file)} is not valid JSON: ${(error as Error).message.split('\n')[0]}`);
  }
  if (!isRecord(parsed)) throw new UserError(`${path.relative(process.cwd(), file)} is not a JSON object`);
  return parsed;
}

function indexAssets(directory: string, artifacts: Record<string, Artifact>): AssetIndex {
  const paths = new Map<string, string>();
  for (const artifact of Object.values(artifacts)) {
    const file = artifact.type === 'cdk:asset-manifest' ? artifact.properties?.file : undefined;
    if (typeof file !== 'string' || !existsSync(path.join(directory, file))) continue;
    const { files } = readJson(path.join(directory, file));
    for (const asset of Object.values(isRecord(files) ? files : {})) addAsset(paths, directory, asset);
  }
  // A bucket prefix may stand before the key in a customised synthesizer.
  return { byObjectKey: (key) => paths.get(key) ?? paths.get(key.slice(key.lastIndexOf('/') + 1)) };
}

function addAsset(paths: Map<string, string>, directory: string, asset: unknown): void {
  if (!isRecord(asset) || !isRecord(asset.source) || typeof asset.source.path !== 'string') return;
  const source = path.resolve(directory, asset.source.path);
  for (const destination of Object.values(isRecord(asset.destinations) ? asset.destinations : {})) {
    if (!isRecord(destination) || typeof destination.objectKey !== 'string') continue;
    paths.set(destination.objectKey, source);
    paths.set(destination.objectKey.slice(destination.objectKey.lastIndexOf('/') + 1), source);
  }
}

function selected(stacks: readonly FoundStack[], wanted: readonly string[]): Set<FoundStack> {
  const chosen = new Set<FoundStack>();
  const byId = new Map(stacks.map((stack) => [stack.artifactId, stack]));
  const choose = (stack: FoundStack) => {
    if (chosen.has(stack)) return;
    chosen.add(stack);
    for (const dependency of stack.dependencies) {
      const other = byId.get(dependency);
      if (other) choose(other);
    }
  };
  for (const name of wanted) {
    const matching = stacks.filter((stack) => stack.names.includes(name));
    if (matching.length === 0) {
      throw new UserError(`no stack is called ${name}; there are: ${stacks.map((stack) => stack.names[1]).join(', ')}`);
    }
    matching.forEach(choose);
  }
  return wanted.length === 0 ? new Set(stacks) : chosen;
}

function inDeploymentOrder(stacks: readonly FoundStack[], chosen: ReadonlySet<FoundStack>): StackTemplate[] {
  const byId = new Map(stacks.map((stack) => [stack.artifactId, stack]));
  const ordered: StackTemplate[] = [];
  const seen = new Set<FoundStack>();
  const visit = (stack: FoundStack) => {
    if (seen.has(stack)) return;
    seen.add(stack);
    for (const dependency of stack.dependencies) {
      const other = byId.get(dependency);
      if (other && chosen.has(other)) visit(other);
    }
    ordered.push(stack.stack);
  };
  for (const stack of stacks) if (chosen.has(stack)) visit(stack);
  return ordered;
}
