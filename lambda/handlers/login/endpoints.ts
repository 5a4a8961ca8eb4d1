import type { Endpoint } from '../../http/endpoint';
import { publicEndpoint } from '../../http/endpoint';
import { LoginRequest } from '../../http/schemas/requests';
import { tokenResponse } from '../../http/tokens';
import type { LoginDeps } from '../../use-cases/login';
import { login } from '../../use-cases/login';

export function loginEndpoints(deps: LoginDeps): Endpoint[] {
  return [
    publicEndpoint('POST /login', { body: LoginRequest, cookies: 'session' }, async (call) => {
      const { email, password, device_token: deviceToken } = call.body;
      const issued = await login(deps, {
        email,
        password,
        deviceToken: deviceToken ?? call.deviceCookie,
        // A cookie that was cleared with an empty value is none.
        refreshToken: call.refreshCookie || undefined,
        userAgent: call.request.headers['user-agent'],
        sourceIp: call.request.sourceIp,
      });
      return tokenResponse(call, issued, { token: issued.deviceToken, expiresIn: issued.deviceTokenExpiresIn });
    }),
  ];
}
