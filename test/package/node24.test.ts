import * as crypto from 'node:crypto';

describe('the toolchain', () => {
  test('runs on the Node release of the functions, which has argon2', () => {
    expect(process.version).toMatch(/^v24\./);
    expect(typeof (crypto as unknown as { argon2Sync?: unknown }).argon2Sync).toBe('function');
  });
});
