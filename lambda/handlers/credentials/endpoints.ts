import type { Endpoint } from '../../http/endpoint';
import { bearerEndpoint } from '../../http/endpoint';
import { ChangePasswordRequest, DeleteMeRequest } from '../../http/schemas/requests';
import { sessionGone, tokenResponse } from '../../http/tokens';
import type { ChangePasswordDeps } from '../../use-cases/change-password';
import { changePassword } from '../../use-cases/change-password';
import type { DeleteAccountDeps } from '../../use-cases/delete-account';
import { deleteAccount } from '../../use-cases/delete-account';

export type CredentialsEndpointsDeps = ChangePasswordDeps & DeleteAccountDeps & {
  readonly users: ChangePasswordDeps['users'] & DeleteAccountDeps['users'];
};

export function credentialsEndpoints(deps: CredentialsEndpointsDeps): Endpoint[] {
  return [
    bearerEndpoint('POST /me/password', { body: ChangePasswordRequest, cookies: 'session' }, async (call) => {
      const issued = await changePassword(deps, {
        principal: call.principal,
        currentPassword: call.body.current_password,
        newPassword: call.body.new_password,
        userAgent: call.request.headers['user-agent'],
      });
      return tokenResponse(call, issued, { token: issued.deviceToken, expiresIn: issued.deviceTokenExpiresIn });
    }),
    bearerEndpoint('DELETE /me', { body: DeleteMeRequest, cookies: 'bearer' }, async (call) => {
      await deleteAccount(deps, { principal: call.principal, password: call.body.password });
      return sessionGone(call);
    }),
  ];
}
