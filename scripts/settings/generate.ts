// Writes docs/settings.md: every prop, its default, what presets set, what it creates and costs. The library has to be compiled.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsPage } from './page.ts';
import type { Assembly } from './structs.ts';

// The CDK warns of what its own tables do inside.
process.env.JSII_DEPRECATED = 'quiet';

const root = join(import.meta.dirname, '..', '..');
const assembly = JSON.parse(readFileSync(join(root, '.jsii'), 'utf8')) as Assembly;
writeFileSync(join(root, 'docs', 'settings.md'), settingsPage(assembly));
