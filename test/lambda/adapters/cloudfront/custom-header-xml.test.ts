import { replaceCustomHeader } from '../../../../lambda/adapters/cloudfront/custom-header-xml';
import { configuration } from './support/fake-cloudfront';

const NAME = 'x-auth-origin-secret';
const OLD = 'old'.repeat(20);
const NEW = 'new'.repeat(20);

test('only the value of the header changes', () => {
  const xml = configuration([['x-other', OLD], [NAME, OLD], [`${NAME}-2`, OLD]]);
  expect(replaceCustomHeader(xml, NAME, NEW)).toEqual({ xml: configuration([['x-other', OLD], [NAME, NEW], [`${NAME}-2`, OLD]]), before: [OLD] });
});

test('in every origin that has it, however it is spelt', () => {
  const xml = configuration([[NAME, 'one']], [['x-other', 'x']], [['X-Auth-Origin-Secret', 'two']], []);
  const after = configuration([[NAME, NEW]], [['x-other', 'x']], [['X-Auth-Origin-Secret', NEW]], []);
  expect(replaceCustomHeader(xml, NAME, NEW)).toEqual({ xml: after, before: ['one', 'two'] });
});

test('nowhere else: not in a header of another name with the same value, not in a comment that quotes it', () => {
  const xml = configuration([['x-other', NAME], [`${NAME}x`, OLD]]);
  expect(replaceCustomHeader(xml, NAME, NEW)).toEqual({ xml, before: [] });
});

test.each([
  ['a&amp;b&lt;&gt;&quot;&apos;', 'a&b<>"\''],
  ['&#97;&#x62;&#X63;', 'abc'],
  ['&amp;lt;', '&lt;'],
  ['&unknown;&constructor;&#x110000;', '&unknown;&constructor;&#x110000;'],
  ['', ''],
  [' two words ', ' two words '],
])('%j stands for %j', (written, meant) => {
  expect(replaceCustomHeader(configuration([[NAME, written]]), NAME, NEW).before).toEqual([meant]);
});

test.each([
  ['a&b<c>"d"\'e\'', 'a&amp;b&lt;c&gt;&quot;d&quot;&apos;e&apos;'],
  ['$1 $& $$ $`', '$1 $&amp; $$ $`'],
])('%j is written as %j, and read back', (value, written) => {
  const { xml } = replaceCustomHeader(configuration([[NAME, OLD]]), NAME, value);
  expect(xml).toBe(configuration([[NAME, written]]));
  expect(replaceCustomHeader(xml, NAME, NEW).before).toEqual([value]);
});

test('indented, and with the value first', () => {
  const xml = `<OriginCustomHeader>\n  <HeaderValue>${OLD}</HeaderValue>\n  <HeaderName>&#120;-auth-origin-secret</HeaderName>\n</OriginCustomHeader>`;
  expect(replaceCustomHeader(xml, NAME, NEW)).toEqual({ xml: xml.replace(OLD, NEW), before: [OLD] });
});

test.each(['<!-- -->', '<![CDATA[x]]>', '<!DOCTYPE x>'])('what could hide an element is refused: %s', (hidden) => {
  expect(() => replaceCustomHeader(configuration([[NAME, OLD]]) + hidden, NAME, NEW)).toThrow('not expected here');
});
