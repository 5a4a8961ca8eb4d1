// node scripts/openapi.mjs           writes docs/openapi.json from the schemas that the handlers enforce
// node scripts/openapi.mjs --check   exit code 1 when the committed file is stale
import { exportsOf, writeOrCheck } from './generated-page.mjs';

const { openApiDocument } = await exportsOf('lambda/http/openapi/document.ts');
writeOrCheck('docs/openapi.json', `${JSON.stringify(openApiDocument(), null, 2)}\n`, 'node scripts/openapi.mjs');
