import { randomUUID } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from './errors';

const MAX_BODY_BYTES = 16 * 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new AwsError('RequestEntityTooLargeException', 'the request body is too large', 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Access key id of a signed request: from the header, or from the query of a presigned one. */
export function accessKeyIdOf(request: IncomingMessage): string | undefined {
  const header = /Credential=([^/,\s]+)\//.exec(request.headers.authorization ?? '')?.[1];
  if (header) return header;
  return /[?&]X-Amz-Credential=([^/%&]+)(?:%2F|\/)/i.exec(request.url ?? '')?.[1];
}

/** Service of the credential scope, for example `sqs`. */
export const signedServiceOf = (request: IncomingMessage): string | undefined =>
  /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1];

export function answerJson(response: ServerResponse, status: number, body: unknown, contentType: string, headers: Record<string, string> = {}): void {
  const text = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(text), 'x-amzn-requestid': randomUUID(), ...headers });
  response.end(text);
}

export function answerJsonError(response: ServerResponse, error: AwsError, contentType: string): void {
  answerJson(response, error.status, { __type: error.code, message: error.message, ...error.members }, contentType, { 'x-amzn-errortype': error.code });
}

export function answerXml(response: ServerResponse, status: number, xml: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(xml), 'x-amzn-requestid': randomUUID(), ...headers });
  response.end(xml);
}

export const escapeXml = (text: string): string => text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
