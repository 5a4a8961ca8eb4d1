import { GatewayRequest, headerValue, queryPairs } from '../message';
import { RestApiDefinition, RestMethod } from './definition';
import { Refusal } from './gateway-responses';
import { schemaProblems } from './json-schema';

/** The method's request validator; undefined when the request passes. */
export function validateRequest(api: RestApiDefinition, method: RestMethod, request: GatewayRequest): Refusal | undefined {
  const validator = method.validatorId === undefined ? undefined : api.validators.get(method.validatorId);
  if (!validator) return undefined;
  return (validator.parameters ? validateParameters(method, request) : undefined) ?? (validator.body ? validateBody(api, method, request) : undefined);
}

function validateParameters(method: RestMethod, request: GatewayRequest): Refusal | undefined {
  const query = queryPairs(request.queryString);
  const missing = Object.entries(method.requestParameters).filter(([, required]) => required).map(([source]) => source).filter((source) => {
    const [, place, name = ''] = /^method\.request\.(header|querystring)\.(.+)$/.exec(source) ?? [];
    if (place === 'header') return !headerValue(request.headers, name);
    return place === 'querystring' && !query.some(([other, value]) => other === name && value !== '');
  });
  if (missing.length === 0) return undefined;
  const names = missing.map((source) => source.slice(source.lastIndexOf('.') + 1)).join(', ');
  return { type: 'BAD_REQUEST_PARAMETERS', message: `Missing required request parameters: [${names}]` };
}

function validateBody(api: RestApiDefinition, method: RestMethod, request: GatewayRequest): Refusal | undefined {
  const contentType = (headerValue(request.headers, 'content-type') ?? 'application/json').split(';')[0]!.trim().toLowerCase();
  const modelName = method.requestModels[contentType] ?? method.requestModels.$default;
  // As on AWS: a content type without a model is not validated, which is why handlers must check it themselves.
  if (modelName === undefined) return undefined;
  const schema = api.models.get(modelName);
  let value: unknown;
  try {
    value = JSON.parse(request.body.toString('utf8'));
  } catch {
    return { type: 'BAD_REQUEST_BODY', message: 'Invalid request body' };
  }
  const problems = schemaProblems(value, schema, schema, (name) => api.models.get(name));
  return problems.length === 0 ? undefined : { type: 'BAD_REQUEST_BODY', message: 'Invalid request body', validationError: `[${problems.join(', ')}]` };
}
