import fc from 'fast-check';
import { codePoints, decodeBase64Url, decodePhcBase64, decodeUtf8, encodePhcBase64, parseJsonObject } from '../../../lambda/domain/encoding';

test('T17b bytes have one spelling in base64url', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64url');
      expect(decodeBase64Url(text)).toEqual(Buffer.from(bytes));
      expect(decodePhcBase64(encodePhcBase64(bytes))).toEqual(Buffer.from(bytes));
    }),
  );
  expect(decodeBase64Url('AQ')).toEqual(Buffer.from([1]));
  for (const other of ['AR', 'AQ=', 'AQ==', 'A', 'A Q', 'AQ\n', 'A+/A', '\u00E4AAA']) {
    expect(decodeBase64Url(other)).toBeUndefined();
  }
  expect(decodePhcBase64('A-_A')).toBeUndefined();
});

test('invalid UTF-8 is no text', () => {
  expect(decodeUtf8(Buffer.from('\u{1F600}'))).toBe('\u{1F600}');
  expect(decodeUtf8(Buffer.from([0xc0, 0x80]))).toBeUndefined();
  expect(decodeUtf8(Buffer.from([0xed, 0xa0, 0x80]))).toBeUndefined();
});

test('only an object is a JSON object', () => {
  expect(parseJsonObject('{"a":1}')).toEqual({ a: 1 });
  for (const other of ['[]', 'null', '1', '"x"', '', '{']) {
    expect(parseJsonObject(other)).toBeUndefined();
  }
});

test('PW-01 code points, not UTF-16 units', () => {
  expect(codePoints('a\u{1F600}\u00E9')).toBe(3);
});
