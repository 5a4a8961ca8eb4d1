import { AuthError } from '../../domain/errors';

/** An address that has no canonical form. */
export function invalidEmail(): AuthError {
  return new AuthError('validation_failed', { errors: [{ pointer: '/email', message: 'is not an accepted e-mail address' }], reason: 'email_not_accepted' });
}
