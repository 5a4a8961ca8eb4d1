import { requestDeadline } from './request-deadline';

type Handle = (request: never, options?: { abortSignal?: unknown }) => unknown;

/** As far as clients of the AWS SDK are alike. */
interface SdkClient {
  readonly config: { readonly requestHandler: object };
}

/** Every request of the client ends with the time of the request that it is made for, whichever command it belongs to. */
export function endingWithTheRequest<C extends SdkClient>(client: C): C {
  const handler = client.config.requestHandler as { handle: Handle };
  const handle = handler.handle.bind(handler);
  handler.handle = (request, options) => handle(request, { ...options, abortSignal: options?.abortSignal ?? requestDeadline.signal });
  return client;
}
