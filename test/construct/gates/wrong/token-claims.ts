import type { AuthServiceProps, TokenOptions } from '../../../../src';
import type { WrongProps } from './wrong';

const tokens = (options: TokenOptions) => (): AuthServiceProps => ({ tokens: options });
const url = (index: number) => `https://${index}.example.com`;

/** Both lists of a move are refused alike. */
const lists = (claim: 'audience' | 'issuer', accepting: (values: string[]) => TokenOptions): WrongProps[] => {
  const property = `tokens.${Object.keys(accepting([]))[0]}`;
  return [
    [`accepted ${claim}s that are none`, tokens(accepting([])),
      `${property} is an empty list, allowed is 1 to 5 ${claim}s: leave it out if no ${claim} but the present one is accepted`],
    [`six accepted ${claim}s`, tokens(accepting([1, 2, 3, 4, 5, 6].map(url))),
      `${property} is a list of 6, allowed is 1 to 5 ${claim}s: leave out each ${claim} whose last token has expired`],
    [`accepted ${claim} twice`, tokens(accepting([url(1), url(2), url(1)])), `${property} is a list with "${url(1)}" twice, allowed is each value once`],
    [`accepted ${claim} that is the present one`, tokens({ [claim]: url(2), ...accepting([url(1), url(2)]) }),
      `${property} is a list with "${url(2)}", the present ${claim}, allowed is other ${claim}s: the present one is always accepted: list the one before the move, or the one after it`],
  ];
};

/** What `iss` and `aud` cannot be. */
export const WRONG_TOKEN_CLAIMS: readonly WrongProps[] = [
  ['issuer over http', tokens({ issuer: 'http://auth.example.com' }),
    'tokens.issuer is "http://auth.example.com", allowed is an https URL without query, fragment and trailing slash: verifiers compare it byte by byte with iss (RFC 9207, OpenID Connect Discovery 4.3)'],
  ['issuer with a slash at its end', tokens({ acceptedIssuers: ['https://auth.example.com/'] }),
    'tokens.acceptedIssuers is "https://auth.example.com/", allowed is an https URL without query, fragment and trailing slash: verifiers compare it byte by byte with iss (RFC 9207, OpenID Connect Discovery 4.3)'],
  ['issuer that is no URL', tokens({ issuer: 'auth' }), 'tokens.issuer is "auth", allowed is an https URL without query, fragment and trailing slash'],
  ['issuer of 513 characters', tokens({ issuer: `https://${'a'.repeat(505)}` }),
    'tokens.issuer is a text of 513 characters, allowed is an https URL without query, fragment and trailing slash, of at most 512 characters: every access token carries it'],
  ...lists('issuer', (acceptedIssuers) => ({ acceptedIssuers })),

  ['empty audience', tokens({ audience: '' }), 'tokens.audience is "", allowed is 1 to 200 printable ASCII characters without spaces'],
  ['audience with a space', tokens({ audience: 'my shop' }), 'tokens.audience is "my shop", allowed is 1 to 200 printable ASCII characters without spaces'],
  ['accepted audience with a space', tokens({ acceptedAudiences: ['my shop'] }),
    'tokens.acceptedAudiences is "my shop", allowed is 1 to 200 printable ASCII characters without spaces'],
  ['accepted audience of 201 characters', tokens({ acceptedAudiences: ['a'.repeat(201)] }),
    `tokens.acceptedAudiences is "${'a'.repeat(201)}", allowed is 1 to 200 printable ASCII characters without spaces`],
  ...lists('audience', (acceptedAudiences) => ({ acceptedAudiences })),
  ['accepted audience that is the name of the service', () => ({ serviceName: 'shop', tokens: { acceptedAudiences: ['shop'] } }),
    'tokens.acceptedAudiences is a list with "shop", the present audience, allowed is other audiences: the present one is always accepted: list the one before the move, or the one after it'],
];
