import { setTimeout as pause } from 'node:timers/promises';
import { Env } from '../../src/contract/environment';
import { CloudFrontOriginHeader } from '../adapters/cloudfront/origin-header';
import { PresignedUrlReporter } from '../adapters/cloudformation/deployment-reporter';
import { KmsKeyList } from '../adapters/kms/key-list';
import type { Deadline } from '../ports/deadline';
import type { RequestScope } from '../ports/request-scope';
import type { KeyListDeps, KeyOperationDeps, ListedKeyDeps } from '../use-cases/rotate-keys/deps';
import type { DeploymentDeps } from '../use-cases/rotate-keys/deployment';
import type { Environment } from './environment';
import { keyOperations } from './key-operations';
import { observability } from './observability';
import { processEnvironment } from './process-environment';
import { signingAlgorithm } from './settings';
import { cloudFrontTransport, kms } from './signed-http';
import { Stores } from './stores';

export function composeRotateKeys(env = processEnvironment()): DeploymentDeps & { readonly scope: RequestScope; readonly deadline: Deadline } {
  const base = observability(env);
  const operations = withList(env, keyOperations(env, base, new Stores(env).revocations));
  const { originSecret } = operations.settings;
  return {
    ...base,
    ...operations,
    ...(originSecret === undefined ? {} : { originHeader: new CloudFrontOriginHeader(cloudFrontTransport(env), env.text(Env.DISTRIBUTION_ID)) }),
    reporter: new PresignedUrlReporter(),
    // On one machine verifiers start with the service, after the deployment.
    pause: env.flag(Env.LOCAL) ? async () => undefined : (milliseconds) => pause(milliseconds),
  };
}

function withList(env: Environment, deps: KeyOperationDeps | ListedKeyDeps | KeyListDeps): KeyOperationDeps | KeyListDeps {
  if (!('keeper' in deps) || 'list' in deps) return deps;
  return { ...deps, list: new KmsKeyList(kms(env), signingAlgorithm(env)) };
}
