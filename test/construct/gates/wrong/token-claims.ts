import type { AuthServiceProps, TokenOptions } from '../../../../src';
import type { WrongProps } from './wrong';

const tokens = (options: TokenOptions) => (): AuthServiceProps => ({ tokens: options });
const url = (index: number) => `https://${index}.example.com`;

/** Both lists of a move are refused alike. */
const lists = (claim: 'audience' | 'issuer', accepting: (values: string[]) => TokenOptions): WrongProps[] => {
  const property = `tokens.${Object.keys(accepting([]))[0]}`;
  return [
    [`accepted ${claim}s that are none`, tokens(accepting([])),
      `${property} must be a list of 1 to 5 ${claim}s, got an empty list: leave it out if no ${claim} but the present one is accepted`],
    [`six accepted ${claim}s`, tokens(accepting([1, 2, 3, 4, 5, 6].map(url))),
      `${property} must be a list of 1 to 5 ${claim}s, got a list of 6: leave out each ${claim} whose last token has expired`],
    [`accepted ${claim} twice`, tokens(accepting([url(1), url(2), url(1)])), `${property} must be a list of different values, got a list with "${url(1)}" twice`],
    [`accepted ${claim} that is the present one`, tokens({ [claim]: url(2), ...accepting([url(1), url(2)]) }),
      `${property} must be a list of other ${claim}s, got a list with "${url(2)}", the present ${claim}: the present one is always accepted: list the one before the move, or the one after it`],
  ];
};

/** What `iss` and `aud` cannot be. */
export const WRONG_TOKEN_CLAIMS: readonly WrongProps[] = [
  ['issuer over http', tokens({ issuer: 'http://auth.example.com' }),
    'tokens.issuer must be an https URL without query, fragment and trailing slash, got "http://auth.example.com": verifiers compare it byte by byte with iss (RFC 9207, OpenID Connect Discovery 4.3)'],
  ['issuer with a slash at its end', tokens({ acceptedIssuers: ['https://auth.example.com/'] }),
    'tokens.acceptedIssuers must be an https URL without query, fragment and trailing slash, got "https://auth.example.com/": verifiers compare it byte by byte with iss (RFC 9207, OpenID Connect Discovery 4.3)'],
  ['issuer that is no URL', tokens({ issuer: 'auth' }), 'tokens.issuer must be an https URL without query, fragment and trailing slash, got "auth"'],
  ['issuer of 513 characters', tokens({ issuer: `https://${'a'.repeat(505)}` }),
    'tokens.issuer must be an https URL without query, fragment and trailing slash, of at most 512 characters, got a text of 513 characters: every access token carries it'],
  ...lists('issuer', (acceptedIssuers) => ({ acceptedIssuers })),

  ['empty audience', tokens({ audience: '' }), 'tokens.audience must be 1 to 200 printable ASCII characters without spaces, got ""'],
  ['audience with a space', tokens({ audience: 'my shop' }), 'tokens.audience must be 1 to 200 printable ASCII characters without spaces, got "my shop"'],
  ['accepted audience with a space', tokens({ acceptedAudiences: ['my shop'] }),
    'tokens.acceptedAudiences must be 1 to 200 printable ASCII characters without spaces, got "my shop"'],
  ['accepted audience of 201 characters', tokens({ acceptedAudiences: ['a'.repeat(201)] }),
    `tokens.acceptedAudiences must be 1 to 200 printable ASCII characters without spaces, got "${'a'.repeat(201)}"`],
  ...lists('audience', (acceptedAudiences) => ({ acceptedAudiences })),
  ['accepted audience that is the name of the service', () => ({ serviceName: 'shop', tokens: { acceptedAudiences: ['shop'] } }),
    'tokens.acceptedAudiences must be a list of other audiences, got a list with "shop", the present audience: the present one is always accepted: list the one before the move, or the one after it'],
];
