import { composeLogout } from '../../composition/logout';
import { createApi } from '../../http/api';
import { logoutEndpoints } from './endpoints';

const deps = composeLogout();

export const handler = createApi(deps, logoutEndpoints(deps));
