import { composeRefresh } from '../../composition/refresh';
import { createApi } from '../../http/api';
import { refreshEndpoints } from './endpoints';

const deps = composeRefresh();

export const handler = createApi(deps, refreshEndpoints(deps));
