import { AuthFunctionName } from '../contract/functions';
import { FunctionDeployment } from '../policy/function-deployment';
import { isBackground } from '../policy/functions';
import { ProvisionedConcurrency } from '../policy/provisioned-concurrency';
import { Settings } from '../policy/settings';

/** What is ready before requests come, and how a new version takes over. */
export interface Release {
  readonly provisionedConcurrency: ProvisionedConcurrency;
  readonly deployment: FunctionDeployment;
  readonly reservedConcurrency?: number;
}

/** Release of one function. What holds for all functions yields to the provisioned concurrency of one. */
export function releaseOf(settings: Settings, name: AuthFunctionName): Release {
  const override = settings.functionOverrides.find((candidate) => candidate.name === name);
  const provisionedConcurrency = override?.provisionedConcurrency ?? ProvisionedConcurrency.none();
  const shared = provisionedConcurrency._isNone && !isBackground(name) ? settings.deployment : FunctionDeployment.allAtOnce();
  return { provisionedConcurrency, deployment: override?.deployment ?? shared, reservedConcurrency: override?.reservedConcurrency };
}
