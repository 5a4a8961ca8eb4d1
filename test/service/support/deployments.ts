import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { AuthServiceProps } from '../../../src';
import type { Service, ServiceOptions } from './service';
import { startService } from './service';

const folders: string[] = [];

/** Starts a service on the same data as often as it is called, as deployments of one stack do. */
export function deployments(options: Omit<ServiceOptions, 'instance'> = {}): (props: AuthServiceProps) => Promise<Service> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'deployments-'));
  folders.push(dataDir);
  let running: Service | undefined;
  return async (props) => {
    await running?.instance.stop();
    running = await startService(props, { ...options, instance: { dataDir } });
    return running;
  };
}

/** For `afterAll`, once the services are stopped. */
export function removeData(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
