import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { DeploymentAnswer, DeploymentReporter } from '../../ports/deployment';

const ATTEMPTS = 4;
const TIMEOUT_MS = 5000;
const PAUSE_MS = 300;

/** Puts the answer to the presigned URL that came with the event. The URL is a capability: it is never logged. */
export class PresignedUrlReporter implements DeploymentReporter {
  constructor(private readonly pause: (milliseconds: number) => Promise<void> = sleep) {}

  async report(responseUrl: string, answer: DeploymentAnswer): Promise<void> {
    const body = JSON.stringify({
      Status: answer.status,
      Reason: answer.reason ?? 'ok',
      PhysicalResourceId: answer.physicalResourceId,
      StackId: answer.stackId,
      RequestId: answer.requestId,
      LogicalResourceId: answer.logicalResourceId,
      NoEcho: false,
      Data: {},
    });
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await put(new URL(responseUrl), body);
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
        await this.pause(PAUSE_MS * attempt);
      }
    }
  }
}

function put(url: URL, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'http:' ? httpRequest : httpsRequest)(url, {
      method: 'PUT',
      // Presigned without a content type: S3 refuses any other than this.
      headers: { 'content-type': '', 'content-length': Buffer.byteLength(body) },
      timeout: TIMEOUT_MS,
    }, (response) => {
      response.resume();
      response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`deployment answer: status ${response.statusCode}`))));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error('deployment answer: timed out')));
    request.on('error', reject);
    request.end(body);
  });
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
