import { filesBelow, isTypeScript, read } from './support/repository';

/** Longer files hold more than one thing. Lists of data are counted apart. */
const LIMIT = 350;

test.each(['src', 'lambda', 'local', 'scripts', 'projenrc'])('no file of %s/ is longer than one can take in', (folder) => {
  const long = filesBelow(folder, isTypeScript)
    .map((file) => ({ file, lines: read(file).split('\n').length }))
    .filter(({ file, lines }) => lines > LIMIT && !file.endsWith('.generated.ts') && !/^\/\/ Written by scripts\//.test(read(file)));
  expect(long).toEqual([]);
});
