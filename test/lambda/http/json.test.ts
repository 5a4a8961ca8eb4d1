import fc from 'fast-check';
import { AuthError } from '../../../lambda/domain/errors';
import { parseStrictJson } from '../../../lambda/http/json';

const reasonOf = (text: string): string | undefined => {
  try {
    parseStrictJson(text);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(AuthError);
    expect((error as AuthError).code).toBe('validation_failed');
    return (error as AuthError).reason;
  }
};

describe('IN-02 T26 strict JSON', () => {
  test.each([
    ['{"email":"a","email":"b"}', 'duplicate_name'],
    ['{"email":"a","\\u0065mail":"b"}', 'duplicate_name'],
    ['{"a":{"b":1,"c":[],"b":2}}', 'duplicate_name'],
    ['[{"a":1},{"a":1,"a":1}]', 'duplicate_name'],
    ['{"__proto__":{"isAdmin":true}}', 'forbidden_name'],
    ['{"\\u005f_proto__":{"isAdmin":true}}', 'forbidden_name'],
    ['{"a":{"constructor":{"prototype":{}}}}', 'forbidden_name'],
    ['{"prototype":1}', 'forbidden_name'],
    ['{"n":1e400}', 'number_out_of_range'],
    ['{"n":-1e400}', 'number_out_of_range'],
    ['[[[[[[1]]]]]]', 'json_too_deep'],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, undefined],
    ['{"a":{"a":{"a":{"a":{"a":{}}}}}}', 'json_too_deep'],
    ['{"p":"\\ud800"}', 'unpaired_surrogate'],
    ['{"\\udc00":1}', 'unpaired_surrogate'],
    ['{"a":1,}', 'malformed_json'],
    ["{'a':1}", 'malformed_json'],
    ['{"a":NaN}', 'malformed_json'],
    ['{"a":1} {"b":2}', 'malformed_json'],
    ['', 'malformed_json'],
  ])('refuses %.60s', (text, reason) => {
    if (reason === undefined) expect(['json_too_deep', 'malformed_json']).toContain(reasonOf(text));
    else expect(reasonOf(text)).toBe(reason);
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
  });

  test.each([
    ['{"a":"b","c":["b","b"],"d":{"a":1}}'],
    ['{"text":"{\\"a\\":1,\\"a\\":2} [[[[[[[ 1e400 \\\\"}'],
    ['[[[[[1]]]]]'],
    ['"\\ud83d\\ude00"'],
    ['-1.5e-7'],
    ['true'],
  ])('accepts %s as JSON.parse does', (text) => {
    expect(parseStrictJson(text)).toEqual(JSON.parse(text));
  });

  test('agrees with JSON.parse on every value without duplicate or forbidden names', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 3, noUnicodeString: false }), (value) => {
      const text = JSON.stringify(value, null, 1);
      fc.pre(!/"(?:__proto__|constructor|prototype)"/.test(text) && JSON.parse(text) !== undefined && text.isWellFormed() && !/\\u[dD][89a-fA-F]/.test(text));
      expect(parseStrictJson(text)).toEqual(JSON.parse(text));
    }));
  });

  test('never throws anything but a refusal', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'{}[]":,\\ue1-. ta"') }), (text) => {
      reasonOf(text);
    }), { numRuns: 2000 });
  });

  test('the refusal quotes nothing of the input', () => {
    const error = (() => { try { parseStrictJson('{"canary-7b1": canary-7b1}'); return undefined; } catch (caught) { return caught as AuthError; } })();
    expect(JSON.stringify(error)).not.toContain('canary');
    expect(String(error?.stack)).not.toContain('canary');
  });
});
