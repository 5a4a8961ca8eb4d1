import { GatewayAnswer, GatewayRequest, grouped, HeaderList, headerValue, lastOfEach, queryPairs } from '../message';
import { RestContext } from './context';
import { Integration } from './definition';
import { parameterValue } from './gateway-responses';
import { renderVtl, VtlScope } from './vtl';

type MockIntegration = Extract<Integration, { type: 'mock' }>;

/** A MOCK integration: the request template chooses a status code, the response of that code makes the answer. */
export function mockAnswer(
  integration: MockIntegration, request: GatewayRequest, context: RestContext,
  pathParameters: Readonly<Record<string, string>>, stageVariables: Readonly<Record<string, string>>,
): GatewayAnswer | undefined {
  const scope = templateScope(request, context, pathParameters, stageVariables);
  const template = byContentType(integration.requestTemplates, headerValue(request.headers, 'content-type'));
  const chosen = statusCode(template === undefined ? '' : renderVtl(template, scope));
  const response = integration.responses.find(({ selectionPattern }) => selectionPattern !== undefined && selectionPattern !== '' && new RegExp(`^(?:${selectionPattern})$`).test(chosen))
    ?? integration.responses.find(({ statusCode: code, selectionPattern }) => code === chosen && !selectionPattern)
    ?? integration.responses.find(({ selectionPattern }) => !selectionPattern);
  if (!response) return undefined;
  const overrides = { header: {} as Record<string, unknown>, status: undefined as unknown };
  (scope.context as Record<string, unknown>).responseOverride = overrides;
  const bodyTemplate = byContentType(response.templates, undefined);
  const body = bodyTemplate === undefined ? '' : renderVtl(bodyTemplate, scope);
  const headers = new Map<string, [string, string]>();
  const set = (name: string, value: string) => headers.set(name.toLowerCase(), [name, value]);
  if (body.trim() !== '') set('Content-Type', Object.keys(response.templates)[0] ?? 'application/json');
  for (const [name, expression] of Object.entries(response.parameters)) {
    const value = parameterValue(expression, request, context, stageVariables);
    if (value !== undefined) set(name.replace(/^method\.response\.header\./, ''), value);
  }
  for (const [name, value] of Object.entries(overrides.header)) set(name, String(value));
  return { status: Number(overrides.status ?? response.statusCode), headers: [...headers.values()] as HeaderList, body: body.trim() };
}

function templateScope(
  request: GatewayRequest, context: RestContext, pathParameters: Readonly<Record<string, string>>, stageVariables: Readonly<Record<string, string>>,
): VtlScope {
  const header = lastOfEach(grouped(request.headers));
  const querystring = lastOfEach(grouped(queryPairs(request.queryString)));
  const all: Record<string, Record<string, string>> = { header, querystring, path: { ...pathParameters } };
  const body = request.body.toString('utf8');
  const params = (name?: unknown) => (name === undefined ? all : pathParameters[String(name)] ?? querystring[String(name)] ?? header[String(name)] ?? '');
  const escapeJavaScript = (text: unknown) => JSON.stringify(String(text ?? '')).slice(1, -1);
  return {
    input: { params, body, json: () => body || '{}' },
    context: { ...context },
    stageVariables: { ...stageVariables },
    util: { escapeJavaScript, urlEncode: (text: unknown) => encodeURIComponent(String(text)), base64Encode: (text: unknown) => Buffer.from(String(text)).toString('base64') },
  };
}

function byContentType(templates: Readonly<Record<string, string>>, contentType: string | undefined): string | undefined {
  const wanted = (contentType ?? 'application/json').split(';')[0]!.trim().toLowerCase();
  return templates[wanted] ?? templates['application/json'] ?? Object.values(templates)[0];
}

/** The rendered request template is JSON with a member statusCode; AWS also takes it without quotes around the name. */
function statusCode(rendered: string): string {
  return /["']?statusCode["']?\s*:\s*["']?(\d{3})/.exec(rendered)?.[1] ?? '200';
}
