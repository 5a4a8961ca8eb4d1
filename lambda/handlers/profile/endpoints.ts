import type { Endpoint } from '../../http/endpoint';
import { bearerEndpoint } from '../../http/endpoint';
import { UpdateMeRequest } from '../../http/schemas/requests';
import type { HttpResponse } from '../../http/types';
import type { GetProfileDeps, ProfileView } from '../../use-cases/get-profile';
import { getProfile } from '../../use-cases/get-profile';
import type { UpdateProfileDeps } from '../../use-cases/update-profile';
import { updateProfile } from '../../use-cases/update-profile';

export type ProfileEndpointsDeps = GetProfileDeps & UpdateProfileDeps & {
  readonly users: GetProfileDeps['users'] & UpdateProfileDeps['users'];
};

export function profileEndpoints(deps: ProfileEndpointsDeps): Endpoint[] {
  return [
    bearerEndpoint('GET /me', {}, async ({ principal }) => me(await getProfile(deps, { principal }), principal.scope)),
    bearerEndpoint('PATCH /me', { body: UpdateMeRequest }, async ({ principal, body }) =>
      me(await updateProfile(deps, { principal, profile: body.profile }), principal.scope)),
  ];
}

/** Member by member: what a user may see of an item is decided here, not by what the item holds (ASVS 15.3.1). */
function me(view: ProfileView, scope: string): HttpResponse {
  const { uid, email, profile, createdAt } = view;
  return { status: 200, body: { sub: uid, email, scope, profile, created_at: new Date(createdAt).toISOString() } };
}
