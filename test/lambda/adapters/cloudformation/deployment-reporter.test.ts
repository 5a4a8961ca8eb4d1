import { createServer, IncomingHttpHeaders, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { PresignedUrlReporter } from '../../../../lambda/adapters/cloudformation/deployment-reporter';
import { DeploymentAnswer } from '../../../../lambda/ports/deployment';

const answer: DeploymentAnswer = { status: 'SUCCESS', physicalResourceId: 'keys', stackId: 'stack', requestId: 'request', logicalResourceId: 'FirstKeys' };

describe('the answer to a presigned URL', () => {
  let server: Server;
  let url: string;
  let statuses: (number | 'drop')[];
  const seen: { method?: string; url?: string; headers: IncomingHttpHeaders; body: string }[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        seen.push({ method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
        const status = statuses.shift() ?? 200;
        if (status === 'drop') response.destroy();
        else response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/bucket/key?X-Amz-Signature=canary`;
  });
  afterAll(() => new Promise((resolve) => {
    server.closeAllConnections();
    server.close(resolve);
  }));
  beforeEach(() => {
    seen.length = 0;
    statuses = [];
  });

  const reporter = new PresignedUrlReporter(() => Promise.resolve());

  test('is a PUT of what CloudFormation waits for, without a content type', async () => {
    await reporter.report(url, { ...answer, status: 'FAILED', reason: 'no keys' });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'PUT', url: '/bucket/key?X-Amz-Signature=canary' });
    expect(seen[0]!.headers['content-type'] ?? '').toBe('');
    expect(JSON.parse(seen[0]!.body)).toEqual({
      Status: 'FAILED', Reason: 'no keys', PhysicalResourceId: 'keys', StackId: 'stack', RequestId: 'request', LogicalResourceId: 'FirstKeys', NoEcho: false, Data: {},
    });
  });

  test('is repeated until it is taken', async () => {
    statuses = [500, 'drop', 503];
    await reporter.report(url, answer);
    expect(seen).toHaveLength(4);
  });

  test('fails after four tries, without the URL in the error', async () => {
    statuses = [403, 403, 403, 403, 403];
    const error = await reporter.report(url, answer).catch((e: Error) => e);
    expect(seen).toHaveLength(4);
    expect(`${String(error)} ${(error as Error).stack}`).not.toContain('canary');
    expect(error).toMatchObject({ message: 'deployment answer: status 403' });
  });
});
