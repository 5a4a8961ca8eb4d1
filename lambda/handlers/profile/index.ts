import { composeProfile } from '../../composition/profile';
import { createApi } from '../../http/api';
import { profileEndpoints } from './endpoints';

const deps = composeProfile();

export const handler = createApi(deps, profileEndpoints(deps));
