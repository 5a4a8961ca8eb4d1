import { composeDiscovery } from '../../composition/discovery';
import { createApi } from '../../http/api';
import { discoveryEndpoints } from './endpoints';

const deps = composeDiscovery();

export const handler = createApi(deps, discoveryEndpoints(deps));
