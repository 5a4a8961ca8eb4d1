import { SigningAlgorithm } from '../domain/model';

export interface DiscoveryDocumentDeps {
  /** Equal to `iss` of the tokens, byte by byte (RFC 8414 section 3.3). */
  readonly issuer: string;
  readonly signingAlgorithm: SigningAlgorithm;
}

export interface DiscoveryDocument {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly revocation_endpoint: string;
  readonly revocation_endpoint_auth_methods_supported: readonly string[];
  readonly response_types_supported: readonly string[];
  readonly grant_types_supported: readonly string[];
  readonly subject_types_supported: readonly string[];
  readonly id_token_signing_alg_values_supported: readonly string[];
  readonly claims_supported: readonly string[];
}

/**
 * RFC 8414 metadata, enough for verifiers that look up keys by issuer (API Gateway's and a load balancer's own JWT checks among
 * them). Of OAuth's flows the service has none. Section 3.2 wants claims without elements left out; section 2 requires
 * `response_types_supported`, and an absent `grant_types_supported` means authorization_code and implicit. Both are empty: a list that breaks
 * the letter of one section misleads nobody, one that is left out names flows that do not exist.
 */
export async function discoveryDocument(deps: DiscoveryDocumentDeps): Promise<DiscoveryDocument> {
  return {
    issuer: deps.issuer,
    jwks_uri: `${deps.issuer}/.well-known/jwks.json`,
    revocation_endpoint: `${deps.issuer}/token/revoke`,
    // Left out, it would be client_secret_basic.
    revocation_endpoint_auth_methods_supported: ['none'],
    response_types_supported: [],
    grant_types_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [deps.signingAlgorithm],
    claims_supported: ['iss', 'aud', 'sub', 'sid', 'jti', 'sv', 'scope', 'iat', 'exp', 'auth_time', 'amr'],
  };
}
