import { Annotations, CfnResource, Lazy, Stack } from 'aws-cdk-lib';
import { CfnGatewayResponse, IRestApi, IdentitySource, RequestAuthorizer, ResponseType, RestApiBase } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { outageResponse } from '../api/gateway-responses';
import { AuthorizerOptions, checkAuthorizer } from '../policy/authorizers';
import { isSameReference } from '../policy/same-reference';
import { AuthorizerHome, checkHome } from './authorizer-home';
import { DEFAULT_CACHE, handlerId, importHandler, warnOfCache } from './handler';

/** The answers of API Gateway while the authorizer cannot be asked. */
const OUTAGES = [ResponseType.AUTHORIZER_FAILURE, ResponseType.AUTHORIZER_CONFIGURATION_ERROR];

/** Authorizer of a REST API, in the consumer's stack. */
export class ServiceRestAuthorizer extends RequestAuthorizer {
  private readonly answerOutages: boolean;
  private readonly home: AuthorizerHome;

  constructor(scope: Construct, id: string, aliasArn: string, home: AuthorizerHome, options: AuthorizerOptions) {
    checkAuthorizer(options);
    checkHome(scope, home);
    super(scope, id, {
      handler: importHandler(scope, handlerId(id), aliasArn),
      identitySources: [IdentitySource.header('Authorization')],
      resultsCacheTtl: options.resultsCacheTtl ?? DEFAULT_CACHE,
    });
    this.home = home;
    this.answerOutages = options.answerOutages ?? true;
    warnOfCache(this, options);
  }

  /**
   * API Gateway's hook for the first method that uses the authorizer: only now the API is known.
   * @internal
   */
  public override _attachToApi(restApi: IRestApi): void {
    checkHome(restApi, this.home);
    super._attachToApi(restApi);
    if (!this.answerOutages) {
      return;
    }
    if (!(restApi instanceof RestApiBase && CfnResource.isCfnResource(restApi.node.defaultChild!))) {
      Annotations.of(this).addWarningV2('cdk-auth-service:outagesNotAnswered',
        'an imported API keeps its answers to an authorizer that is out of order: map AUTHORIZER_FAILURE and AUTHORIZER_CONFIGURATION_ERROR to 503 where the API is made, '
        + 'and pass answerOutages: false');
      return;
    }
    for (const type of OUTAGES) {
      addOnce(restApi, type);
    }
  }
}

/**
 * An API has one answer a type. One that its owner has given stands, wherever in the app it was made; one given later would clash at
 * deployment, so it is found at synthesis.
 */
function addOnce(restApi: RestApiBase, type: ResponseType): void {
  const given = () => responsesOf(restApi, type).length;
  if (given() > 0) {
    return;
  }
  const own = outageResponse(type);
  const response = restApi.addGatewayResponse(`AuthService${type.responseType}`, own).node.defaultChild as CfnGatewayResponse;
  const headers = response.responseParameters as Record<string, string>;
  response.responseParameters = Lazy.any({ produce: () => ({ ...pageHeaders(restApi), ...headers }) });
  restApi.node.addValidation({
    validate: () => given() > 1
      ? [`the API must have one gateway response ${type.responseType}, got two: make yours before the first method that uses the authorizer, or pass answerOutages: false`]
      : [],
  });
}

/** Those of one type, wherever in the app they were made. */
function responsesOf(restApi: RestApiBase, type: ResponseType): CfnGatewayResponse[] {
  const api = { by: restApi, value: restApi.restApiId };
  return restApi.node.root.node.findAll().filter((child): child is CfnGatewayResponse => child instanceof CfnGatewayResponse
    && child.responseType === type.responseType && isSameReference({ by: child, value: child.restApiId }, api));
}

/** What lets the API's own pages read its other errors (`DEFAULT_5XX`): without ours it would be these that this one has. */
function pageHeaders(restApi: RestApiBase): Record<string, string> {
  const given = responsesOf(restApi, ResponseType.DEFAULT_5XX).flatMap((response) =>
    Object.entries(Stack.of(response).resolve(response.responseParameters ?? {}) as Record<string, string>));
  return Object.fromEntries(given.filter(([name]) => /^gatewayresponse\.header\.(?:access-control-|vary$)/i.test(name)));
}
