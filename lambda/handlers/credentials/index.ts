import { composeCredentials } from '../../composition/credentials';
import { createApi } from '../../http/api';
import { credentialsEndpoints } from './endpoints';

const deps = composeCredentials();

export const handler = createApi(deps, credentialsEndpoints(deps));
