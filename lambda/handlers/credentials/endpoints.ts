import type { Endpoint } from '../../http/endpoint';
import { bearerEndpoint } from '../../http/endpoint';
import { ChangePasswordRequest } from '../../http/schemas/requests';
import { tokenResponse } from '../../http/tokens';
import type { ChangePasswordDeps } from '../../use-cases/change-password';
import { changePassword } from '../../use-cases/change-password';

export function credentialsEndpoints(deps: ChangePasswordDeps): Endpoint[] {
  return [
    bearerEndpoint('POST /me/password', { body: ChangePasswordRequest, cookies: 'bearer' }, async (call) => {
      const issued = await changePassword(deps, {
        principal: call.principal,
        currentPassword: call.body.current_password,
        newPassword: call.body.new_password,
        userAgent: call.request.headers['user-agent'],
      });
      return tokenResponse(call, issued);
    }),
  ];
}
