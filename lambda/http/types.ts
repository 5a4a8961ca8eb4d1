import type { CookieValues } from './cookies';

/** One request, whatever front it came through. */
export interface HttpRequest {
  readonly method: string;
  /** Route template, for example `/me/sessions/{sid}`. */
  readonly route: string;
  /** Lower-case names; a repeated header's values joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly pathParameters: Readonly<Record<string, string>>;
  /** Decoded, with each value that was sent. */
  readonly query: Readonly<Record<string, readonly string[]>>;
  readonly cookies: CookieValues;
  /** Raw bytes of the body; empty when there is none. */
  readonly body: Uint8Array;
  /** From the front itself, never from a header that a client may send; see `Admit`. */
  readonly sourceIp: string;
  readonly requestId: string;
  /** What API Gateway says that our authorizer answered. Whether it is believed, `Identify` decides. */
  readonly authorizerContext?: Readonly<Record<string, unknown>>;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whole Set-Cookie values. */
  readonly cookies?: readonly string[];
  /** Serialised as JSON unless undefined. */
  readonly body?: unknown;
}
