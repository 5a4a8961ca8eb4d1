/** How tokens travel between the service and its clients. */
export class TokenTransport {
  /** In JSON bodies: for servers and native apps. */
  public static body(): TokenTransport {
    return new TokenTransport('body');
  }

  /**
   * The refresh token travels only in a `__Host-` cookie that no script can read, guarded by the check of the origin: for browsers.
   * Needs `webApp.origins`.
   */
  public static cookie(): TokenTransport {
    return new TokenTransport('cookie');
  }

  /**
   * Pages receive the cookie, all other clients the body: one service for a web application and for native apps, command lines, servers,
   * web views (`capacitor://localhost`) and browser extensions. A request with a cookie of the service is always a page's. Needs `webApp.origins`.
   */
  public static both(): TokenTransport {
    return new TokenTransport('both');
  }

  /** @internal */
  public readonly _mode: string;

  private constructor(mode: string) {
    this._mode = mode;
  }

  /** @internal */
  public get _usesCookies(): boolean {
    return this._mode !== 'body';
  }
}
