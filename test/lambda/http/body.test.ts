import { AuthError } from '../../../lambda/domain/errors';
import type { BodyKind } from '../../../lambda/http/body';
import { readBody } from '../../../lambda/http/body';
import { toRequest } from '../../../lambda/http/request';
import { httpApiEvent, restEvent } from './events';

const read = (given: Parameters<typeof restEvent>[0], kind: BodyKind = 'json'): unknown => readBody(toRequest(restEvent(given)), kind);

const codeOf = (given: Parameters<typeof restEvent>[0], kind: BodyKind = 'json'): string => {
  try {
    read(given, kind);
    return 'accepted';
  } catch (error) {
    expect(error).toBeInstanceOf(AuthError);
    return (error as AuthError).code;
  }
};

describe('IN-03 body', () => {
  test.each([
    ['application/json'],
    ['Application/JSON'],
    ['application/json; charset=utf-8'],
    ['application/json;charset="UTF-8"'],
    // RFC 9110 section 5.6.6: parameters may be empty, with white space around semicolons; 8.3.1: their names and a charset in any case.
    ['application/json;'],
    ['application/json ; '],
    ['application/json;;\t; charset=UTF-8;'],
    [' application/json '],
    ['application/json;CHARSET=Utf-8'],
    ['application/json; charset="u\\tf-8"'],
    ['application/json; charset=utf-8; charset=utf-8'],
    ['application/json; profile="a, b; charset=utf-16"; v=1'],
    ['application/json; x=""'],
  ])('accepts %j', (type) => {
    expect(read({ raw: '{"a":1}', headers: { 'content-type': type } })).toEqual({ a: 1 });
  });

  test.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/json; charset=utf-16'],
    ['application/json; charset=iso-8859-1'],
    ['application/json, text/plain'],
    ['application/json; charset=utf-8; charset=utf-16'],
    ['application/problem+json'],
    ['application/jsonx'],
    [''],
    ['application/json; charset="utf-16"'],
    ['application/json; charset=""'],
    ['application/json; charset="utf-8'],
    ['application/json; charset=utf8'],
    ['application/json; charset'],
    ['application/json; charset='],
    ['application/json; charset = utf-8'],
    ['application/json; =utf-8'],
    ['application/json charset=utf-8'],
    ['application /json'],
    ['application/json, application/json'],
    ['application/json; x="a" b'],
    ['application/json; x="a\u0001"'],
    ['application/json/json'],
    ['application/json;\u00a0charset=utf-8'],
    ['text/plain; x="application/json"'],
  ])('refuses %j', (type) => {
    expect(codeOf({ raw: '{"a":1}', headers: { 'content-type': type } })).toBe('unsupported_media_type');
  });

  test('a media type is read in linear time', () => {
    for (const type of [`application/json${' ;'.repeat(100_000)}x`, `application/json;x="${'\\"'.repeat(100_000)}`, `application/json${' '.repeat(200_000)}x`]) {
      expect(codeOf({ raw: '{}', headers: { 'content-type': type } })).toBe('unsupported_media_type');
    }
  });

  test('refuses a repeated media type and an encoded body', () => {
    expect(codeOf({ raw: '{}', headers: { 'content-type': ['application/json', 'application/json'] } })).toBe('unsupported_media_type');
    expect(codeOf({ raw: '{}', headers: { 'content-encoding': 'gzip' } })).toBe('unsupported_media_type');
  });

  test('an empty body is an empty object, but not under another media type', () => {
    expect(read({})).toEqual({});
    expect(read({ raw: '' })).toEqual({});
    expect(codeOf({ raw: '', headers: { 'content-type': 'text/plain' } })).toBe('unsupported_media_type');
  });

  test.each([
    ['a byte order mark', Buffer.from('\uFEFF{}', 'utf8')],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le')],
    ['an overlong encoding', Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])],
    ['a lone continuation byte', Buffer.from([0x22, 0x80, 0x22])],
    ['an encoded surrogate', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ])('refuses %s', (_, raw) => {
    expect(codeOf({ raw })).toBe('validation_failed');
  });

  test('refuses the trace that API Gateway leaves of invalid UTF-8', () => {
    expect(codeOf({ raw: '{"password":"\uFFFD"}' })).toBe('validation_failed');
  });

  test('T35 size is checked in bytes, before anything else', () => {
    const filler = (bytes: number): string => `{"a":"${'x'.repeat(bytes - 8)}"}`;
    expect(read({ raw: filler(8192) })).toBeDefined();
    expect(codeOf({ raw: filler(8193) })).toBe('payload_too_large');
    expect(codeOf({ raw: Buffer.from(filler(8193)) })).toBe('payload_too_large');
    expect(read({ raw: Buffer.from(filler(8192)) })).toBeDefined();
    expect(codeOf({ raw: `"${'é'.repeat(4096)}"` })).toBe('payload_too_large');
    expect(codeOf({ raw: 'x'.repeat(9000), headers: { 'content-type': 'text/plain' } })).toBe('payload_too_large');
  });

  test('T35 ten megabytes are neither decoded nor parsed', () => {
    const events = [restEvent({ raw: 'x'.repeat(10_000_000) }), restEvent({ raw: Buffer.alloc(7_000_000, 'x') })];
    const requests = events.map((event) => toRequest(event));
    for (const request of requests) {
      expect(request.body.length).toBeGreaterThan(8192);
      expect(request.body.length).toBeLessThan(8300);
    }
  });

  test('a form only where RFC 7009 asks for it, under the same rules', () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(read({ raw: 'token=rt1.a%2Bb&token_type_hint=refresh_token', headers: form }, 'json-or-form')).toEqual({ token: 'rt1.a+b', token_type_hint: 'refresh_token' });
    expect(codeOf({ raw: 'token=a&token=b', headers: form }, 'json-or-form')).toBe('validation_failed');
    expect(codeOf({ raw: 'token=%ff', headers: form }, 'json-or-form')).toBe('validation_failed');
    expect(codeOf({ raw: 'token=a', headers: form })).toBe('unsupported_media_type');
  });
});

describe('one request out of either event', () => {
  const given = {
    method: 'DELETE',
    route: '/me/sessions/{sid}',
    path: { sid: 'abc' },
    headers: { 'X-Custom': ['a', 'b'], 'X-Forwarded-For': '1.2.3.4', 'X-Real-IP': '1.2.3.4', '__proto__x': '1' },
    cookies: { '__Host-rt': 'one', 'other': 'a=b' },
    raw: Buffer.from('{"a":"é"}'),
    requestId: 'r-1',
    authorizer: { sub: 'u', scope: '', sid: 's', sv: '3', jti: 'j', auth_time: '1700000000', amr: 'pwd', integrationLatency: 4 },
  };

  test('both shapes say the same', () => {
    const rest = toRequest(restEvent(given));
    const http = toRequest(httpApiEvent(given));
    expect({ ...rest, headers: undefined }).toEqual({ ...http, headers: undefined });
    expect(rest).toMatchObject({
      method: 'DELETE',
      route: '/me/sessions/{sid}',
      sourceIp: '203.0.113.7',
      requestId: 'r-1',
      pathParameters: { sid: 'abc' },
      cookies: { '__Host-rt': ['one'], 'other': ['a=b'] },
      authorizerContext: given.authorizer,
    });
    expect(rest.headers['x-custom']).toBe('a, b');
    expect(Buffer.from(rest.body).toString()).toBe('{"a":"é"}');
  });

  test('AA-07 T27 the source address never comes from a header', () => {
    expect(toRequest(restEvent(given)).sourceIp).toBe('203.0.113.7');
    expect(toRequest(httpApiEvent(given)).sourceIp).toBe('203.0.113.7');
  });
});
