import fc from 'fast-check';
import { deviceLabel } from '../../../lambda/domain/device-label';

test.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36', 'Chrome on Windows'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0', 'Edge on Windows'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15', 'Safari on macOS'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1', 'Safari on iPhone'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1', 'Chrome on iPhone'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0', 'Firefox on Linux'],
  ['Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36', 'Samsung Internet on Android'],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 OPR/115.0', 'Opera on Windows'],
  ['okhttp/4.12.0', 'okhttp'],
  ['MyApp/1.2 (Android 14; Pixel 8)', 'MyApp on Android'],
  ['curl/8.6.0', 'curl'],
  ['Mozilla/5.0', 'unknown device'],
  ['', 'unknown device'],
  [undefined, 'unknown device'],
  ['<script>alert(1)</script>', 'script alert'],
  ['\n{"event":"login_succeeded"}\u2028\u001b[31m', 'event login_succeeded 31m'],
])('%j is %j', (userAgent, label) => {
  expect(deviceLabel(userAgent)).toBe(label);
});

test('LG-03 T36 a label is at most 64 safe characters whatever the header', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (userAgent) => {
      expect(deviceLabel(userAgent)).toMatch(/^[A-Za-z0-9 ._-]{1,64}$/);
    }),
  );
});

test('T35 a long header costs nothing', () => {
  const start = process.cpuUsage();
  deviceLabel('Version/1 '.repeat(100_000));
  deviceLabel(' '.repeat(1_000_000));
  expect(process.cpuUsage(start).user).toBeLessThan(20_000);
});
