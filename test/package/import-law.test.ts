import { builtinModules } from 'node:module';
import type { Import } from './support/imports';
import { importsOf } from './support/imports';
import { filesBelow, isTypeScript } from './support/repository';

/**
 * Imports run one way. A room is named by its folder; what a room may name beside itself stands here and nowhere else.
 *
 *   src:     index -> auth-service -> rooms -> policy -> contract
 *   lambda:  handlers -> http -> use-cases -> ports, domain;  adapters -> ports, domain;
 *            only composition imports adapters, only handlers import composition; the one crossing is src/contract
 */
const lambdaRooms: Record<string, readonly string[]> = {
  domain: [],
  ports: ['domain'],
  'use-cases': ['ports', 'domain'],
  http: ['use-cases', 'ports', 'domain'],
  adapters: ['ports', 'domain'],
  composition: ['adapters', 'http', 'use-cases', 'ports', 'domain'],
  handlers: ['composition', 'http', 'use-cases', 'ports', 'domain'],
};

/** From the base up; a file may name what stands at its own height or lower. */
const srcHeights = { contract: 0, policy: 1, room: 2, service: 3, index: 4 } as const;
type Height = keyof typeof srcHeights;

const roomOf = (file: string): string => file.split('/')[1] ?? '';

function heightOf(file: string): Height {
  const parts = file.split('/');
  if (file === 'src/index.ts') return 'index';
  if (parts.length === 2) return 'service';
  const room = roomOf(file);
  return room === 'contract' || room === 'policy' ? room : 'room';
}

const isBuiltin = (specifier: string): boolean => specifier.startsWith('node:') || builtinModules.includes(specifier);
const isBelow = (folder: string, file: string | undefined): boolean => file?.startsWith(`${folder}/`) ?? false;
const show = ({ file, specifier }: Import): string => `${file} -> ${specifier}`;

const allImports = (folder: string): Import[] => filesBelow(folder, isTypeScript).flatMap(importsOf);

describe('the import law of src/', () => {
  const imports = allImports('src');

  test('there is something to look at', () => {
    expect(filesBelow('src', isTypeScript)).toContain('src/index.ts');
  });

  test('contract imports nothing', () => {
    expect(imports.filter(({ file }) => isBelow('src/contract', file)).map(show)).toEqual([]);
  });

  test('nothing outside src, but aws-cdk-lib, constructs and the modules of Node', () => {
    const allowed = ({ specifier, target }: Import) =>
      target === undefined ? /^(aws-cdk-lib|constructs)(\/|$)/.test(specifier) || isBuiltin(specifier) : isBelow('src', target);
    expect(imports.filter((each) => !allowed(each)).map(show)).toEqual([]);
  });

  test('auth-service -> rooms -> policy -> contract', () => {
    const upward = imports.filter(({ file, target }) => target !== undefined && srcHeights[heightOf(target)] > srcHeights[heightOf(file)]);
    expect(upward.map(show)).toEqual([]);
  });

  test('nothing imports the index', () => {
    expect(imports.filter(({ target }) => target === 'src/index.ts').map(show)).toEqual([]);
  });

  test('no two rooms need each other', () => {
    const arrows = new Map<string, Set<string>>();
    for (const { file, target } of imports) {
      if (target === undefined || heightOf(file) !== 'room' || heightOf(target) !== 'room' || roomOf(file) === roomOf(target)) continue;
      arrows.set(roomOf(file), (arrows.get(roomOf(file)) ?? new Set()).add(roomOf(target)));
    }
    expect(cycleIn(arrows)).toBeUndefined();
  });
});

describe('the import law of lambda/', () => {
  const imports = allImports('lambda');
  const within = imports.filter(({ target }) => isBelow('lambda', target));

  test('every file stands in a room of the law', () => {
    const homeless = filesBelow('lambda', isTypeScript).filter((file) => lambdaRooms[roomOf(file)] === undefined);
    expect(homeless).toEqual([]);
    expect(filesBelow('lambda', isTypeScript).length).toBeGreaterThan(0);
  });

  test.each(Object.keys(lambdaRooms))('%s names only the rooms below it', (room) => {
    const wrong = within.filter(({ file, target }) => {
      if (roomOf(file) !== room || target === undefined || roomOf(target) === room) return false;
      return !lambdaRooms[room]?.includes(roomOf(target));
    });
    expect(wrong.map(show)).toEqual([]);
  });

  test('no handler imports another', () => {
    const wrong = within.filter(({ file, target }) =>
      roomOf(file) === 'handlers' && isBelow('lambda/handlers', target) && file.split('/')[2] !== target?.split('/')[2]);
    expect(wrong.map(show)).toEqual([]);
  });

  test('the only crossing is src/contract', () => {
    const outside = imports.filter(({ target }) => target !== undefined && !isBelow('lambda', target) && !isBelow('src/contract', target));
    expect(outside.map(show)).toEqual([]);
  });

  test('only adapters speak to AWS', () => {
    const wrong = imports.filter(({ file, specifier }) => /^(@aws-sdk\/|@smithy\/)/.test(specifier) && roomOf(file) !== 'adapters');
    expect(wrong.map(show)).toEqual([]);
  });

  test('only the adapters of keys name jose', () => {
    const wrong = imports.filter(({ file, specifier }) => specifier === 'jose' && !/^lambda\/adapters\/(?:jose|kms)\//.test(file));
    expect(wrong.map(show)).toEqual([]);
  });

  test('the rules (domain, use-cases, ports) need no package', () => {
    const wrong = imports.filter(({ file, specifier, target }) =>
      ['domain', 'use-cases', 'ports'].includes(roomOf(file)) && target === undefined && !isBuiltin(specifier));
    expect(wrong.map(show)).toEqual([]);
  });
});

describe('the import law of local/', () => {
  test('it interprets templates: it knows neither the construct nor the functions', () => {
    const wrong = allImports('local').filter(({ target }) => target !== undefined && !isBelow('local', target));
    expect(wrong.map(show)).toEqual([]);
  });
});

/** A way from a room back to itself, if there is one. */
function cycleIn(arrows: ReadonlyMap<string, ReadonlySet<string>>): string | undefined {
  const finished = new Set<string>();
  const visit = (room: string, trail: readonly string[]): string | undefined => {
    if (trail.includes(room)) return [...trail.slice(trail.indexOf(room)), room].join(' -> ');
    if (finished.has(room)) return undefined;
    for (const next of arrows.get(room) ?? []) {
      const cycle = visit(next, [...trail, room]);
      if (cycle) return cycle;
    }
    finished.add(room);
    return undefined;
  };
  for (const room of arrows.keys()) {
    const cycle = visit(room, []);
    if (cycle) return cycle;
  }
  return undefined;
}
