import { SigningAlgorithm } from '../domain/model';

export interface DiscoveryDocumentDeps {
  /** Equal to `iss` of the tokens, byte by byte (RFC 8414 section 3.3). */
  readonly issuer: string;
  readonly signingAlgorithm: SigningAlgorithm;
}

export interface DiscoveryDocument {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly response_types_supported: readonly string[];
  readonly grant_types_supported: readonly string[];
  readonly subject_types_supported: readonly string[];
  readonly id_token_signing_alg_values_supported: readonly string[];
  readonly claims_supported: readonly string[];
}

/**
 * RFC 8414 metadata, enough for verifiers that look up keys by issuer (API Gateway's and a load balancer's own JWT checks among
 * them). The lists of OAuth flows are empty because the service has none: left out, they would default to flows that do not exist.
 */
export async function discoveryDocument(deps: DiscoveryDocumentDeps): Promise<DiscoveryDocument> {
  return {
    issuer: deps.issuer,
    jwks_uri: `${deps.issuer}/.well-known/jwks.json`,
    response_types_supported: [],
    grant_types_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [deps.signingAlgorithm],
    claims_supported: ['iss', 'aud', 'sub', 'sid', 'jti', 'sv', 'scope', 'iat', 'exp', 'auth_time', 'amr'],
  };
}
