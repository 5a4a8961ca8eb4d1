import { composeLogin } from '../../composition/login';
import { createApi } from '../../http/api';
import { loginEndpoints } from './endpoints';

const deps = composeLogin();

export const handler = createApi(deps, loginEndpoints(deps));
