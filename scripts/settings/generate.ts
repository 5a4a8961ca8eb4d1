// Writes docs/settings.md: every prop, its default, what presets set, what it creates and costs. The library has to be compiled.
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsPage, type Weakness } from './page.ts';
import type { Assembly } from './structs.ts';

// The CDK warns of what its own tables do inside.
process.env.JSII_DEPRECATED = 'quiet';

const root = join(import.meta.dirname, '..', '..');
const assembly = JSON.parse(readFileSync(join(root, '.jsii'), 'utf8')) as Assembly;
const { WEAKNESSES } = createRequire(import.meta.url)('../../lib/policy/weaknesses.js') as { WEAKNESSES: readonly Weakness[] };
writeFileSync(join(root, 'docs', 'settings.md'), settingsPage(assembly, WEAKNESSES));
