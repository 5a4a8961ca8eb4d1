import type { Mutant } from './mutants';

/** Clauses of one write whose loss no scenario notices, and why they are there all the same. */
export interface Survivor {
  /** Fits the shape of the write: `shapeOf`. */
  readonly write: RegExp;
  /** As mutants name them. */
  readonly clauses: readonly string[];
  readonly reason: string;
}

/** The reason for this mutant to survive. */
export function survivorOf(mutant: Mutant): Survivor | undefined {
  return SURVIVORS.find(({ write, clauses }) => write.test(mutant.shape) && clauses.includes(mutant.clause));
}

export const SURVIVORS: readonly Survivor[] = [
  {
    write: /^Update Attempts SET #n .*/,
    clauses: ['attribute_not_exists(#op)'],
    reason: 'Nothing is lost: to DynamoDB an attribute that is not there differs from every value. The clause says so to the reader.',
  },
  {
    write: /^Delete Tickets .*/,
    clauses: ['#kind = :kind', '#email = :email'],
    reason: 'A ticket never changes, so what was read still stands; whether it is still there, each of the other clauses says alone.',
  },
  {
    write: /^Delete Tickets .*/,
    clauses: ['#expiresAt > :now'],
    reason: 'Between the reading of an invitation and its use only a password is hashed, which takes no time here.',
  },
  {
    write: /^Put Tickets .*/,
    clauses: ['attribute_not_exists(#hash)'],
    reason: 'Nobody is told the token before the put was answered, so nobody can have used the ticket up when the put is sent again.',
  },
  {
    write: /^Put Revocations .*/,
    clauses: ['attribute_not_exists(#minSv) OR #minSv <= :minSv'],
    reason: "The user's version stands in the same transaction and allows one raise only. It matters where one of the two tables was restored.",
  },
  {
    write: /^Put Revocations .*/,
    clauses: ['attribute_not_exists(#ttl) OR #ttl <= :ttl'],
    reason: 'Only a clock that was set back, or a shorter life of access tokens that was just deployed, would let the TTL fall; no scenario has either.',
  },
  {
    write: /^Put Sessions .*/,
    clauses: ['attribute_not_exists(#sid)'],
    reason: 'Nobody is told of the session before the put was answered, so there is no use of it that the put, sent again, could set back.',
  },
  {
    write: /^Update Users SET #hash = :hash, #pv = :nextPv .*/,
    clauses: ['#pv = :pv', '#uid = :uid'],
    reason: 'The profile in the same transaction names user and version; each clause alone would do, and a write of a credential never goes by less.',
  },
  {
    write: /^Update Users SET #pv = :nextPv, #sv = :nextSv.*/,
    clauses: ['#pv = :pv'],
    reason: 'Every change of password raises the session version, too, and that is the other clause.',
  },
  {
    write: /^Delete Users .*/,
    clauses: ['#pv = :pv', '#uid = :uid'],
    reason: 'The session version of the profile, in the same transaction, changes whenever password or owner do.',
  },
  {
    write: /^Update Sessions SET #n = :next.*/,
    clauses: ['#state = :live'],
    reason: 'A session that ended stays ended, and its access tokens were revoked before it: a client would only be handed tokens that are dead already.',
  },
  {
    write: /^Update Sessions SET #n = :next.*/,
    clauses: ['#expiresAt > :lastUsedAt'],
    reason: 'No scenario lets a session run out between its reading and the write; that the condition holds is in the contract of the stores (SE-08).',
  },
  {
    write: /^Update Revocations SET #sid = :expires.*/,
    clauses: ['attribute_not_exists(#ttl) OR #ttl <= :ttl', 'attribute_not_exists(#sid) OR #sid <= :expires'],
    reason: 'As for the minimum: only a clock that was set back, or a shorter life of access tokens, would let them fall.',
  },
  {
    write: /^Update Sessions SET #state = :ended if .*/,
    clauses: ['attribute_exists(#sid)'],
    reason: 'Without it a session that TTL deleted comes back as an item that holds a state alone, which nobody can read: litter, not a session.',
  },
  {
    write: /^Delete Sessions if /,
    clauses: ['#n = :n'],
    reason: 'What is forgotten is dead for good by the clock of whoever forgets it; only a refresh on a clock that is behind could still use it.',
  },
  {
    write: /^Update Users SET #sv = :nextSv, #status = :status.*/,
    clauses: ['#sv = :sv'],
    reason: 'As for a slow logout everywhere, where its loss is noticed; here it takes two endings and an enabling beside it, which is too large for every commit.',
  },
  {
    write: /^Update Revocations REMOVE .*/,
    clauses: ['#s0 < :now'],
    reason: 'It takes a session that ends once more, a lifetime of access tokens later, while its entry is being removed.',
  },
  {
    write: /^Put Revocations if attribute_not_exists\(#key\).*/,
    clauses: ['attribute_not_exists(#key) OR #version < :version'],
    reason: 'Two that publish different sets at once are a rotation beside a retirement, which only the longer run has.',
  },
  {
    write: /^Update Users SET #hash = :hash if .*/,
    clauses: ['#uid = :uid', '#pv = :pv', '#hash = :verified'],
    reason: 'The old hash is salted: it alone names owner and password. Owner and version alone tell no more than two logins that improve one hash at once.',
  },
  {
    write: /^Update Attempts SET #streak = .* REMOVE #own, #ttl .*/,
    clauses: ['#own = :hour', '#streak >= :last'],
    reason: 'It is sent when the other condition was refused by a streak of that length, which never falls meanwhile; one failure more stops the account as well.',
  },
  {
    write: /^Update Attempts SET #ttl = :longer.*/,
    clauses: ['#ttl = :ttl'],
    reason: 'Whoever comes in between renews the counter to the same end.',
  },
];
