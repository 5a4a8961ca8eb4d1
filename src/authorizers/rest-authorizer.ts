import { Annotations, CfnResource } from 'aws-cdk-lib';
import { CfnGatewayResponse, IRestApi, IdentitySource, RequestAuthorizer, ResponseType, RestApiBase } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { outageResponse } from '../api/gateway-responses';
import { RestAuthorizerOptions, checkAuthorizer } from '../policy/authorizers';
import { isSameReference } from '../policy/same-reference';
import { DEFAULT_CACHE, importHandler, warnOfCache } from './handler';

/** The answers of API Gateway while the authorizer cannot be asked. */
const OUTAGES = [ResponseType.AUTHORIZER_FAILURE, ResponseType.AUTHORIZER_CONFIGURATION_ERROR];

/** Authorizer of a REST API, in the consumer's stack. */
export class ServiceRestAuthorizer extends RequestAuthorizer {
  private readonly answerOutages: boolean;

  constructor(scope: Construct, id: string, aliasArn: string, options: RestAuthorizerOptions) {
    checkAuthorizer(options);
    super(scope, id, {
      handler: importHandler(scope, `${id}Function`, aliasArn),
      identitySources: [IdentitySource.header('Authorization')],
      resultsCacheTtl: options.resultsCacheTtl ?? DEFAULT_CACHE,
    });
    this.answerOutages = options.answerOutages ?? true;
    warnOfCache(this, options);
  }

  /**
   * API Gateway's hook for the first method that uses the authorizer: only now the API is known.
   * @internal
   */
  public override _attachToApi(restApi: IRestApi): void {
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
  const api = { by: restApi, value: restApi.restApiId };
  const given = () => restApi.node.root.node.findAll().filter((child) => child instanceof CfnGatewayResponse && child.responseType === type.responseType
    && isSameReference({ by: child, value: child.restApiId }, api)).length;
  if (given() > 0) {
    return;
  }
  restApi.addGatewayResponse(`AuthService${type.responseType}`, outageResponse(type));
  restApi.node.addValidation({
    validate: () => given() > 1
      ? [`the API has two gateway responses ${type.responseType}, allowed is one: make yours before the first method that uses the authorizer, or pass answerOutages: false`]
      : [],
  });
}
