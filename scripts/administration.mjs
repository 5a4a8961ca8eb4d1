// node scripts/administration.mjs           writes docs/administration.md from the schemas that the admin function enforces
// node scripts/administration.mjs --check   exit code 1 when the committed file is stale
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { exportsOf, root, writeOrCheck } from './generated-page.mjs';

const { actionsPage, errorsTable } = await exportsOf('lambda/handlers/admin/document.ts');
const introduction = readFileSync(path.join(root, 'scripts', 'administration', 'introduction.md'), 'utf8');
writeOrCheck('docs/administration.md', `${introduction}${actionsPage()}\n## Errors\n\n${errorsTable()}\n`, 'npm run docs:administration');
