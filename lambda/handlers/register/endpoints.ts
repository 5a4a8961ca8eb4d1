import type { Endpoint } from '../../http/endpoint';
import { publicEndpoint } from '../../http/endpoint';
import { RegisterRequest } from '../../http/schemas/requests';
import type { RegisterDeps } from '../../use-cases/register';
import { register } from '../../use-cases/register';

export function registerEndpoints(deps: RegisterDeps): Endpoint[] {
  return [
    publicEndpoint('POST /register', { body: RegisterRequest, cookies: 'session' }, async ({ body, request }) => {
      const { uid } = await register(deps, { ...body, sourceIp: request.sourceIp });
      return { status: 201, body: { sub: uid } };
    }),
  ];
}
