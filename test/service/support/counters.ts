import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { LookupDigests } from '../../../lambda/adapters/node-crypto/lookup-digests';
import type { Counter } from '../../../lambda/domain/attempts';
import { Env } from '../../../src/contract/environment';
import { secretsOf } from './keys';
import type { Service } from './service';

/** Keys of counters in the table Attempts, as only somebody with the lookup secret can tell them. */
export async function counterKeys(service: Service): Promise<(counter: Counter) => string> {
  const { environment } = service.instance.functions.configurations().find(({ logicalId }) => logicalId.startsWith('AuthFunctionsLogin'))!;
  const secrets = secretsOf(service);
  const { SecretString: json } = await secrets.send(new GetSecretValueCommand({ SecretId: environment[Env.LOOKUP_SECRET]! }));
  secrets.destroy();
  const digests = new LookupDigests(JSON.parse(json!).key);
  return ({ name }) => digests.digest('attempts', name);
}
