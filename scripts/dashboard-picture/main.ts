import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { dashboardOf } from './definition.ts';
import { pageOf } from './page.ts';

/** Draws the dashboard of the compiled construct with sample data: `main.ts docs/dashboard.png`. CHROMIUM names the browser if it is not in PATH. */
const target = resolve(process.argv[2] ?? 'docs/dashboard.png');
process.env.CDK_VALIDATION = 'false';
// The CDK warns of what its own tables do inside.
process.env.JSII_DEPRECATED = 'quiet';
const { html, width, height } = pageOf(dashboardOf('shop'));
const folder = mkdtempSync(join(tmpdir(), 'dashboard-'));
try {
  const file = join(folder, 'dashboard.html');
  writeFileSync(file, html);
  execFileSync(process.env.CHROMIUM ?? 'chromium', [
    '--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', `--user-data-dir=${folder}`, `--window-size=${width},${height}`, `--screenshot=${target}`, `file://${file}`,
  ], { stdio: 'pipe' });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
