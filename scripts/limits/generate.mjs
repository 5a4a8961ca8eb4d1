// node scripts/limits/generate.mjs           writes docs/limits.md: every bound that a caller or an operator can meet. The library has to be compiled.
// node scripts/limits/generate.mjs --check   exit code 1 when the committed file is stale
import { ProfileAttribute } from 'cdk-auth-service';
import { exportsOf, writeOrCheck } from '../generated-page.mjs';
import { Deployed } from './deployed.ts';
import { limitsPage } from './page.ts';

// The CDK warns of what its own tables do inside.
process.env.JSII_DEPRECATED = 'quiet';

const [{ Limits }, { Routes }, { openApiDocument }] = await Promise.all(['src/contract/limits.ts', 'src/contract/routes.ts', 'lambda/http/openapi/document.ts'].map(exportsOf));
const { schemas } = openApiDocument().components;
const profileText = ProfileAttribute.string('text')._definition.maxLength;
writeOrCheck('docs/limits.md', limitsPage({ limits: Limits, routes: Routes, schemas, profileText, deployed: new Deployed() }), 'npm run docs:limits');
