/** A clause whose loss no scenario notices, and why it is there all the same. */
export interface Survivor {
  /** Fits the name of the mutant. */
  readonly mutant: RegExp;
  readonly reason: string;
}

export const SURVIVORS: readonly Survivor[] = [
  {
    mutant: /^Update Attempts SET #n .* WITHOUT attribute_not_exists\(#op\)$/,
    reason: 'Nothing is lost: to DynamoDB an attribute that is not there differs from every value. The clause says so to the reader.',
  },
  {
    mutant: /^Delete Tickets .* WITHOUT #(kind = :kind|email = :email)$/,
    reason: 'A ticket never changes, so what was read still stands; whether it is still there, each of the other clauses says alone.',
  },
  {
    mutant: /^Delete Tickets .* WITHOUT #expiresAt > :now$/,
    reason: 'Between the reading of an invitation and its use only a password is hashed, which takes no time here.',
  },
  {
    mutant: /^Put Tickets .* WITHOUT attribute_not_exists\(#hash\)$/,
    reason: 'Nobody is told the token before the put was answered, so nobody can have used the ticket up when the put is sent again.',
  },
  {
    mutant: /^Put Revocations .* WITHOUT attribute_not_exists\(#minSv\) OR #minSv <= :minSv$/,
    reason: "The user's version stands in the same transaction and allows one raise only. It matters where one of the two tables was restored.",
  },
  {
    mutant: /^Put Revocations .* WITHOUT attribute_not_exists\(#ttl\) OR #ttl <= :ttl$/,
    reason: 'Only a clock that was set back, or a shorter life of access tokens that was just deployed, would let the TTL fall; no scenario has either.',
  },
  {
    mutant: /^Put Sessions .* WITHOUT attribute_not_exists\(#sid\)$/,
    reason: 'Nobody is told of the session before the put was answered, so there is no use of it that the put, sent again, could set back.',
  },
  {
    mutant: /^Update Users SET #hash = :hash, #pv = :nextPv .* WITHOUT #(pv = :pv|uid = :uid)$/,
    reason: 'The profile in the same transaction names user and version; each clause alone would do, and a write of a credential never goes by less.',
  },
  {
    mutant: /^Update Users SET #pv = :nextPv, #sv = :nextSv.* WITHOUT #pv = :pv$/,
    reason: 'Every change of password raises the session version, too, and that is the other clause.',
  },
  {
    mutant: /^Delete Users .* WITHOUT #(pv = :pv|uid = :uid)$/,
    reason: 'The session version of the profile, in the same transaction, changes whenever password or owner do.',
  },
  {
    mutant: /^Update Sessions SET #n = :next.* WITHOUT #state = :live$/,
    reason: 'A session that ended stays ended, and its access tokens were revoked before it: a client would only be handed tokens that are dead already.',
  },
  {
    mutant: /^Update Sessions SET #n = :next.* WITHOUT #expiresAt > :lastUsedAt$/,
    reason: 'No scenario lets a session run out between its reading and the write; that the condition holds is in the contract of the stores (SE-08).',
  },
  {
    mutant: /^Update Revocations SET #sid = :expires.* WITHOUT attribute_not_exists\(#(ttl|sid)\) OR #(ttl|sid) <= :(ttl|expires)$/,
    reason: 'As for the minimum: only a clock that was set back, or a shorter life of access tokens, would let them fall.',
  },
  {
    mutant: /^Update Sessions SET #state = :ended if .* WITHOUT attribute_exists\(#sid\)$/,
    reason: 'Without it a session that TTL deleted comes back as an item that holds a state alone, which nobody can read: litter, not a session.',
  },
  {
    mutant: /^Update Users SET #sv = :nextSv, #status = :status.* WITHOUT #sv = :sv$/,
    reason: 'As for a slow logout everywhere, where its loss is noticed; here it takes two endings and an enabling beside it, which is too large for every commit.',
  },
  {
    mutant: /^Update Revocations REMOVE .* WITHOUT #s0 < :now$/,
    reason: 'It takes a session that ends once more, a lifetime of access tokens later, while its entry is being removed.',
  },
  {
    mutant: /^Put Revocations if attribute_not_exists\(#key\).* WITHOUT attribute_not_exists\(#key\) OR #version < :version$/,
    reason: 'Two that publish different sets at once are a rotation beside a retirement, which only the longer run has.',
  },
  {
    mutant: /^Update Users SET #hash = :hash if .* WITHOUT (#uid = :uid|#pv = :pv|#hash = :verified)$/,
    reason: 'The old hash is salted: it alone names owner and password. Owner and version alone tell no more than two logins that improve one hash at once.',
  },
  {
    mutant: /^Update Attempts SET #locked = :until .* WITHOUT (#streak >= :streak|attribute_not_exists\(#locked\) OR #locked < :until|#locked < :until)$/,
    reason: 'A lock only differs from another after three failures in a row at once, with a success among them: too large for every commit.',
  },
  {
    mutant: /^Update Attempts SET #streak = .* REMOVE #own, #ttl .* WITHOUT (#own = :hour|#streak >= :last)$/,
    reason: 'It is sent when the other condition was refused by a streak of that length, which never falls meanwhile; one failure more stops the account as well.',
  },
  {
    mutant: /^Update Attempts SET #ttl = :longer.* WITHOUT #ttl = :ttl$/,
    reason: 'Whoever comes in between renews the counter to the same end.',
  },
];
