import { IncomingMessage, ServerResponse } from 'node:http';
import { CloudFrontOutput } from './cloudfront';
import { CLOUDFRONT_NAMESPACE } from './cloudfront/config-xml';
import { AwsError, validationError } from './errors';
import { answerJson, answerJsonError, answerXml, escapeXml } from './http';
import { own } from './operations';
import { Input } from './service';

/** A request understood: which service and operation, and how to answer. */
export interface ParsedRequest {
  readonly service: string;
  readonly operation: string;
  readonly input: Input;
  answer(response: ServerResponse, output: unknown): void;
  refuse(response: ServerResponse, error: AwsError): void;
}

/** `X-Amz-Target` prefixes of the JSON protocols. */
export const TARGETS: Readonly<Record<string, { readonly service: string; readonly contentType: string }>> = {
  DynamoDB_20120810: { service: 'dynamodb', contentType: 'application/x-amz-json-1.0' },
  secretsmanager: { service: 'secretsmanager', contentType: 'application/x-amz-json-1.1' },
  AmazonSSM: { service: 'ssm', contentType: 'application/x-amz-json-1.1' },
  AmazonSQS: { service: 'sqs', contentType: 'application/x-amz-json-1.0' },
  Logs_20140328: { service: 'logs', contentType: 'application/x-amz-json-1.1' },
  TrentService: { service: 'kms', contentType: 'application/x-amz-json-1.1' },
};

/** Recognises the request by its headers and body; `undefined` when it is none of the protocols spoken here. */
export function parseRequest(request: IncomingMessage, body: string): ParsedRequest | undefined {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') return parseJson(target, body);
  const contentType = request.headers['content-type'] ?? '';
  if (request.method === 'POST' && contentType.startsWith('application/x-www-form-urlencoded')) return parseQuery(body);
  const path = (request.url ?? '/').split('?')[0];
  if (request.method === 'POST' && path === '/v2/email/outbound-emails') return parseRest('ses', 'SendEmail', body);
  return parseCloudFront(request, path!, body);
}

function parseJson(target: string, body: string): ParsedRequest {
  const [prefix = '', operation = ''] = target.split('.');
  const known = own(TARGETS, prefix);
  const contentType = known?.contentType ?? 'application/x-amz-json-1.1';
  const respond = {
    answer: (response: ServerResponse, output: unknown) => answerJson(response, 200, output, contentType),
    refuse: (response: ServerResponse, error: AwsError) => answerJsonError(response, error, contentType),
  };
  return { service: known?.service ?? prefix, operation, input: object(body), ...respond };
}

/** The query protocol, which STS speaks. */
function parseQuery(body: string): ParsedRequest {
  const input = Object.fromEntries(new URLSearchParams(body));
  const operation = input.Action ?? '';
  const service = input.Version === '2011-06-15' ? 'sts' : 'query';
  return {
    service,
    operation,
    input,
    answer: (response, output) => answerXml(response, 200, `<${operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${operation}Result>${xml(output)}</${operation}Result><ResponseMetadata><RequestId>local</RequestId></ResponseMetadata></${operation}Response>`),
    refuse: (response, error) => answerXml(response, error.status, `<ErrorResponse><Error><Type>Sender</Type><Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message></Error><RequestId>local</RequestId></ErrorResponse>`),
  };
}

function parseRest(service: string, operation: string, body: string): ParsedRequest {
  return {
    service,
    operation,
    input: object(body),
    answer: (response, output) => answerJson(response, 200, output, 'application/json'),
    refuse: (response, error) => answerJson(response, error.status, { message: error.message }, 'application/json', { 'x-amzn-errortype': error.code }),
  };
}

/** REST with XML, which CloudFront speaks. Output: the document and its ETag. */
function parseCloudFront(request: IncomingMessage, path: string, body: string): ParsedRequest | undefined {
  const [, id] = /^\/2020-05-31\/distribution\/([^/]+)\/config$/.exec(path) ?? [];
  const operation = { GET: 'GetDistributionConfig', PUT: 'UpdateDistribution' }[request.method ?? ''];
  if (id === undefined || operation === undefined) return undefined;
  return {
    service: 'cloudfront',
    operation,
    input: { Id: id, IfMatch: request.headers['if-match'], DistributionConfig: body },
    answer: (response, output) => {
      const { xml: document, etag } = output as CloudFrontOutput;
      answerXml(response, 200, document, { etag });
    },
    refuse: (response, error) => {
      // The JSON protocols' name and status of a refusal are others than those of the older XML ones.
      const { code, status } = error.code === 'AccessDeniedException' ? { code: 'AccessDenied', status: 403 } : error;
      answerXml(response, status, `<?xml version="1.0"?>\n<ErrorResponse xmlns="${CLOUDFRONT_NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(error.message)}</Message></Error><RequestId>local</RequestId></ErrorResponse>`);
    },
  };
}

function object(body: string): Input {
  let value: unknown;
  try {
    value = JSON.parse(body === '' ? '{}' : body);
  } catch {
    throw new AwsError('SerializationException', 'the request body is not JSON');
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw validationError('the request body is not a JSON object');
  return value as Input;
}

const xml = (output: unknown): string =>
  Object.entries((output ?? {}) as Record<string, unknown>).map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`).join('');
