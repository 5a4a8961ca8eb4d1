import { commonLogTime, GatewayRequest, headerValue } from '../message';

/** `$context` of a request: what gateway responses, access logs and authorizers' identity sources may name. */
export interface RestContext {
  readonly [name: string]: unknown;
  readonly requestId: string;
  readonly stage: string;
  authorizer?: Record<string, unknown>;
  error?: Record<string, unknown>;
}

export interface ContextFacts {
  readonly apiId: string;
  readonly accountId: string;
  readonly stage: string;
  readonly resourceId: string;
  readonly resourcePath: string;
  readonly path: string;
}

export function restContext(request: GatewayRequest, facts: ContextFacts): RestContext {
  const host = headerValue(request.headers, 'host') ?? '';
  return {
    accountId: facts.accountId,
    apiId: facts.apiId,
    domainName: host,
    domainPrefix: host.split('.')[0],
    extendedRequestId: request.extendedRequestId,
    httpMethod: request.method,
    identity: {
      accessKey: null, accountId: null, caller: null, cognitoAuthenticationProvider: null, cognitoAuthenticationType: null,
      cognitoIdentityId: null, cognitoIdentityPoolId: null, principalOrgId: null,
      sourceIp: request.sourceIp,
      user: null,
      userAgent: headerValue(request.headers, 'user-agent') ?? null,
      userArn: null,
    },
    path: facts.path,
    protocol: request.protocol,
    requestId: request.requestId,
    requestTime: commonLogTime(request.time),
    requestTimeEpoch: request.time,
    resourceId: facts.resourceId,
    resourcePath: facts.resourcePath,
    stage: facts.stage,
    xrayTraceId: request.traceId,
  };
}

/** Replaces `$context.a.b` and `$stageVariables.x` by their values; what has none becomes `-`, as in AWS's logs. */
export function renderVariables(template: string, context: RestContext, stageVariables: Readonly<Record<string, string>>, missing = '-'): string {
  return template.replaceAll(/\$(?:\{([^}]+)\}|((?:context|stageVariables)(?:\.[A-Za-z0-9_-]+)+))/g, (whole, braced?: string, bare?: string) => {
    const [root, ...path] = (braced ?? bare ?? '').split('.');
    if (root !== 'context' && root !== 'stageVariables') return whole;
    let value: unknown = root === 'context' ? context : stageVariables;
    for (const name of path) value = (value as Record<string, unknown> | null | undefined)?.[name];
    return value === undefined || value === null ? missing : String(value);
  });
}
