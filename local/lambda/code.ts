import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { AssetIndex, isRecord, UserError } from '../template/types';
import { CFN_RESPONSE_MODULE } from './cfn-response';
import { unzip } from './zip';

/** Finds or makes the folder that a function's code lies in. */
export class CodeStore {
  private scratch: string | undefined;
  private readonly unpacked = new Map<string, string>();

  /**
   * @param code the resolved `Code` property.
   * @param assetPath `aws:asset:path` of the resource's metadata, already absolute.
   * @returns undefined when the code is not on this machine (a container image, a bucket of one's own).
   */
  directory(key: string, code: unknown, runtime: string, assets: AssetIndex, assetPath: string | undefined): string | undefined {
    if (!isRecord(code)) return undefined;
    if (typeof code.ZipFile === 'string') return this.inline(key, code.ZipFile);
    const source = (typeof code.S3Key === 'string' ? assets.byObjectKey(code.S3Key) : undefined) ?? assetPath;
    if (!source) return undefined;
    let isDirectory: boolean;
    try {
      isDirectory = statSync(source).isDirectory();
    } catch {
      throw new UserError(`the code of ${key} (${runtime}) is not at ${path.relative(process.cwd(), source)}: run "npx cdk synth" again`);
    }
    return isDirectory ? source : this.unzipped(source);
  }

  dispose(): void {
    if (this.scratch) rmSync(this.scratch, { recursive: true, force: true });
    this.scratch = undefined;
  }

  private inline(key: string, source: string): string {
    const directory = path.join(this.scratchDirectory(), `inline-${key.replaceAll(/[^A-Za-z0-9]/g, '-')}`);
    mkdirSync(directory, { recursive: true });
    writeFileSync(path.join(directory, 'index.js'), source);
    if (source.includes('cfn-response')) {
      mkdirSync(path.join(directory, 'node_modules', 'cfn-response'), { recursive: true });
      writeFileSync(path.join(directory, 'node_modules', 'cfn-response', 'index.js'), CFN_RESPONSE_MODULE);
    }
    return directory;
  }

  private unzipped(file: string): string {
    const known = this.unpacked.get(file);
    if (known) return known;
    const directory = path.join(this.scratchDirectory(), `zip-${this.unpacked.size}`);
    mkdirSync(directory, { recursive: true });
    try {
      unzip(file, directory);
    } catch (error) {
      throw new UserError(`the asset ${path.relative(process.cwd(), file)} cannot be unpacked: ${(error as Error).message}`);
    }
    this.unpacked.set(file, directory);
    return directory;
  }

  private scratchDirectory(): string {
    this.scratch ??= mkdtempSync(path.join(os.tmpdir(), 'cdk-auth-service-local-'));
    return this.scratch;
  }
}
