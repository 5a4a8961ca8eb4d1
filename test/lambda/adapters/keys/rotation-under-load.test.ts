import { PublishedVerificationKeys, ROTATING_FORM, SecretTokenSigner } from '../../../../lambda/adapters/keys';
import { createSignatureVerifier } from '../../../../lambda/adapters/jose/signature-verifier';
import { createTokenSigning } from '../../../../lambda/adapters/jose/token-signing';
import { parseJws } from '../../../../lambda/domain/jws';
import { PublishedKey, SigningKeyset } from '../../../../lambda/domain/model';
import { retireKey } from '../../../../lambda/use-cases/rotate-keys';
import { KeyWorld, NOW, SIGNING, STEPS } from '../../use-cases/rotate-keys/support/key-world';

const TTL = 900;
const LEEWAY = 30;
const signatures = createSignatureVerifier();
const signing = createTokenSigning();

const checked = new Map<string, boolean>();

/** Each signature is computed once; what differs between verifiers and over time is whether they know the key. */
async function isSignedBy(key: PublishedKey, token: string): Promise<boolean> {
  const known = checked.get(token);
  if (known !== undefined) return known;
  const valid = await signatures.verify(key.alg, key.jwk, token);
  checked.set(token, valid);
  return valid;
}

/** Caches the published set for a minute and never asks earlier, whatever kid it meets: the worst verifier that is still within the rules. */
class StubbornVerifier {
  private keys = new Map<string, PublishedKey>();
  private loadedAt: number;

  constructor(private readonly world: KeyWorld, phaseSeconds: number) {
    this.loadedAt = -Infinity;
    this.reload();
    this.loadedAt = NOW - phaseSeconds * 1000;
  }

  async verifies(token: string): Promise<boolean> {
    if (this.world.clock.now() - this.loadedAt >= 60_000) this.reload();
    const jws = parseJws(token);
    const key = this.keys.get(jws.kid);
    return key !== undefined && isSignedBy(key, token);
  }

  private reload(): void {
    this.keys = new Map(this.world.tables.publishedKeys!.keys.map((key) => [key.kid, key]));
    this.loadedAt = this.world.clock.now();
  }
}

interface Run {
  readonly world: KeyWorld;
  readonly signers: SecretTokenSigner<SigningKeyset>[];
  readonly verifiers: StubbornVerifier[];
  readonly live: { token: string; expires: number }[];
  failures: number;
  checks: number;
}

async function start(): Promise<Run> {
  const world = await KeyWorld.deployed();
  const signer = (): SecretTokenSigner<SigningKeyset> => new SecretTokenSigner(world.secrets, SIGNING, ROTATING_FORM, world.store, signing, world.clock);
  // Containers that started at different times: each caches the set at another phase of the minute.
  return {
    world,
    signers: Array.from({ length: 4 }, signer),
    verifiers: [0, 13, 31, 47, 59].map((phase) => new StubbornVerifier(world, phase)),
    live: [],
    failures: 0,
    checks: 0,
  };
}

/** One second: some signers issue, every verifier checks what was just issued and some of what is still alive. */
async function second(run: Run): Promise<void> {
  const now = run.world.clock.now();
  const index = Math.round(now / 1000);
  const signer = run.signers[index % run.signers.length]!;
  const token = await signer.sign({ jti: String(index) });
  run.live.push({ token, expires: now + (TTL + LEEWAY) * 1000 });
  while (run.live[0] && run.live[0].expires <= now) run.live.shift();
  const sample = [token, run.live[0]!.token, run.live[(index * 7919) % run.live.length]!.token];
  for (const verifier of run.verifiers) {
    for (const one of sample) {
      run.checks += 1;
      if (!(await verifier.verifies(one))) run.failures += 1;
    }
  }
  run.world.clock.advance(1);
}

async function seconds(run: Run, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await second(run);
}

/** The four steps with traffic in between. */
async function rotateUnderLoad(run: Run, pauseSeconds: number): Promise<void> {
  const token = run.world.secrets.beginRotation(SIGNING);
  for (const step of STEPS) {
    await run.world.step(step, token);
    await seconds(run, pauseSeconds);
  }
}

describe('rotation under load, in virtual time (T29)', () => {
  test('no verification fails across five rotations, two of them back to back, with every cache at its greatest age', async () => {
    const run = await start();
    await seconds(run, 130);
    await rotateUnderLoad(run, 7);
    await seconds(run, 200);
    // Back to back: not a second between them.
    await rotateUnderLoad(run, 0);
    await rotateUnderLoad(run, 0);
    await seconds(run, 400);
    await rotateUnderLoad(run, 20);
    await seconds(run, 61);
    await rotateUnderLoad(run, 1);
    await seconds(run, TTL + LEEWAY + 10);
    expect(run.world.signing().retired).toHaveLength(5);
    expect(run.failures).toBe(0);
    expect(run.checks).toBeGreaterThan(20_000);
  });

  test('not even when three rotations follow each other at once', async () => {
    const run = await start();
    await seconds(run, 70);
    for (let i = 0; i < 3; i += 1) await rotateUnderLoad(run, 0);
    await seconds(run, 300);
    expect(run.failures).toBe(0);
  });

  test('signers move on to the new key within a minute or two of a rotation', async () => {
    const run = await start();
    await seconds(run, 70);
    const { next } = run.world.signing();
    await rotateUnderLoad(run, 0);
    await seconds(run, 62);
    for (const signer of run.signers) expect(parseJws(await signer.sign({})).kid).toBe(next.kid);
  });

  test('after an emergency nothing by the key passes once caches are renewed, and nobody is locked out', async () => {
    const run = await start();
    await seconds(run, 130);
    const { kid } = run.world.signing().active;
    const stolen = run.live.map(({ token }) => token).filter((token) => parseJws(token).kid === kid);
    await retireKey(run.world.deps, kid);
    run.world.clock.advance(61);
    for (const verifier of run.verifiers) {
      for (const token of stolen) expect(await verifier.verifies(token)).toBe(false);
    }
    run.live.length = 0;
    await seconds(run, 200);
    expect(run.failures).toBe(0);
    for (const signer of run.signers) expect(parseJws(await signer.sign({})).kid).not.toBe(kid);
  });

  test('our own verifier with its bounded reload agrees', async () => {
    const run = await start();
    const keys = new PublishedVerificationKeys(run.world.store, run.world.clock);
    for (let rotation = 0; rotation < 3; rotation += 1) {
      await seconds(run, 65);
      await rotateUnderLoad(run, 0);
      for (const { token } of run.live) expect(await keys.find(parseJws(token).kid)).toBeDefined();
    }
    expect(run.failures).toBe(0);
  });
});
