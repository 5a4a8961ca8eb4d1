import { composeRegister } from '../../composition/register';
import { createApi } from '../../http/api';
import { registerEndpoints } from './endpoints';

const deps = composeRegister();

export const handler = createApi(deps, registerEndpoints(deps));
