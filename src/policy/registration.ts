/** Who may create an account. */
export class Registration {
  /** Anybody who sends an e-mail address and a password. */
  public static open(): Registration {
    return new Registration('open');
  }

  /** Only the holder of an invitation, which the admin function makes for one address. */
  public static inviteOnly(): Registration {
    return new Registration('invite');
  }

  /** Nobody. Existing users go on. */
  public static closed(): Registration {
    return new Registration('closed');
  }

  /** @internal */
  public readonly _mode: string;

  private constructor(mode: string) {
    this._mode = mode;
  }
}
