/** What this service reads of the events and answers of API Gateway. Nothing else of an event decides anything. */

/** REST API, Lambda proxy integration (payload 1.0). */
export interface RestEvent {
  /** Route template without the stage, for example `/me/sessions/{sid}`. */
  readonly resource: string;
  readonly httpMethod: string;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null;
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly pathParameters?: Readonly<Record<string, string | undefined>> | null;
  readonly multiValueQueryStringParameters?: Readonly<Record<string, readonly string[] | undefined>> | null;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly requestId: string;
    readonly identity: { readonly sourceIp: string };
    /** What our authorizer answered, next to API Gateway's own entries. */
    readonly authorizer?: Readonly<Record<string, unknown>> | null;
  };
}

/** HTTP API (payload 2.0). */
export interface HttpApiEvent {
  readonly version: '2.0';
  /** `POST /login`. */
  readonly routeKey: string;
  /** A repeated header's values are joined by a comma. Cookies are not among them. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly cookies?: readonly string[];
  readonly pathParameters?: Readonly<Record<string, string | undefined>>;
  /** As it was sent: the parameters of the event join a repeated one by a comma, which a value may have in it. */
  readonly rawQueryString?: string;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly requestId: string;
    readonly http: { readonly method: string; readonly sourceIp: string };
    readonly authorizer?: { readonly lambda?: Readonly<Record<string, unknown>> | null };
  };
}

export interface RestResult {
  readonly statusCode: number;
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  readonly isBase64Encoded: false;
}

export interface HttpApiResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: string;
  readonly isBase64Encoded: false;
}

export type ApiEvent = RestEvent | HttpApiEvent;
export type ApiResult = RestResult | HttpApiResult;

export function isHttpApiEvent(event: ApiEvent): event is HttpApiEvent {
  return (event as { version?: unknown }).version === '2.0';
}
