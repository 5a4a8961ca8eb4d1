import type { Answer } from './client';
import type { Keyset } from './keys';
import { compact, headerOf, signWith } from './keys';
import type { Service } from './service';

/** Makes tokens that are wrong in one way, and tries them. */
export function forgery(service: () => Service, keyset: () => Keyset) {
  /** A token signed by the service's own active key. */
  const minted = (payload: object | string, header: object | string = headerOf(keyset().active)): string =>
    compact(header, payload, signWith(keyset().active));

  /** All are refused as any nonsense is; names the ones that are not. */
  const expectRefused = async (tokens: Readonly<Record<string, string>>): Promise<void> => {
    const reference = shapeOf(await service().me('nonsense'));
    expect(reference).toMatchObject({ status: 401, body: { code: 'invalid_token' }, setCookie: [] });
    for (const [name, token] of Object.entries(tokens)) expect([name, shapeOf(await service().me(token))]).toEqual([name, reference]);
  };

  return { minted, expectRefused };
}

/** What a client sees of a refusal, but for what differs from answer to answer. */
function shapeOf({ status, headers, body, setCookie }: Answer): object {
  const { requestId, ...rest } = body;
  expect(typeof requestId).toBe('string');
  return { status, headers: Object.keys(headers).sort(), type: headers['content-type'], body: rest, setCookie };
}
