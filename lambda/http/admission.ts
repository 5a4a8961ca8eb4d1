import { isIP } from 'node:net';
import { ORIGIN_SECRET_HEADER, VIEWER_ADDRESS_HEADER } from '../../src/contract/limits';
import { AuthError, UnavailableError } from '../domain/errors';
import { isOriginSecretValue } from '../domain/origin-secret';
import type { OriginSecret } from '../ports/origin';
import type { HttpRequest } from './types';

/** Lets a request in before anything else is made of it, with the address it came from, or throws. */
export type Admit = (request: HttpRequest) => Promise<HttpRequest>;

/** API Gateway itself is the front, and names the caller's address: the headers of CloudFront mean nothing here. */
export const admittedByGateway: Admit = async (request) => request;

/**
 * CloudFront is the front: what does not carry its secret has gone round the firewall, and is refused before any work. Only beside
 * the right secret the address that CloudFront names is the viewer's (AA-07).
 */
export function admittedByCloudFront(secret: OriginSecret): Admit {
  return async (request) => {
    const { [ORIGIN_SECRET_HEADER]: given, [VIEWER_ADDRESS_HEADER]: address } = request.headers;
    if (given === undefined) throw refused('secret_missing');
    // Several headers arrive joined: they are no secret, whatever is among them.
    if (!isOriginSecretValue(given)) throw refused('secret_malformed');
    if (!await secret.accepts(given)) throw refused('secret_unknown');
    // Our own distribution sent it, so the caller has done nothing wrong: closed, and an outage for whoever is on call.
    if (!isAddress(address)) throw new UnavailableError('viewer-address', new Error('CloudFront named no viewer address: its function is missing'));
    return { ...request, sourceIp: address };
  };
}

function isAddress(text: string | undefined): text is string {
  // A zone is a name of an interface: no address of the Internet has one.
  return text !== undefined && isIP(text) !== 0 && !text.includes('%');
}

function refused(reason: string): AuthError {
  return new AuthError('origin_required', { reason });
}
