import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { Account, arnIn, epochSeconds, isTrue } from '../account';
import { AwsError, validationError } from '../errors';
import { operationOf } from '../operations';
import { AwsService, Input, Permission, ServiceAnswer } from '../service';
import { ProvisionedResource, ResolvedResource } from '../types';
import { decrypt, encrypt, keyIdOf } from './ciphertext';
import { defaultUsage, Key, macAlgorithmOf, macOf, newMaterial, publicKeyOf, signingAlgorithmsOf, signMessage, verifyMessage } from './keys';

export interface KmsState {
  readonly keys: readonly Key[];
  readonly aliases: Readonly<Record<string, string>>;
}

type Operation = (input: Input) => unknown;
type Context = Readonly<Record<string, string>>;

const MAX_PLAINTEXT = 4096;

/** KMS keys with their real cryptography. Key policies and grants are not evaluated. */
export class Kms implements AwsService {
  readonly name = 'kms';
  readonly endpointName = 'KMS';
  private readonly keys = new Map<string, Key>();
  private readonly aliases = new Map<string, string>();
  private readonly operations: Readonly<Record<string, Operation>>;

  constructor(private readonly options: Account & { readonly now: () => number; readonly changed?: () => void }) {
    this.operations = { ...this.cryptography(), ...this.management() };
  }

  call(operation: string, input: Input): ServiceAnswer {
    const known = operationOf('KMS', this.operations, operation);
    return { output: known(input) };
  }

  resourceOf(_operation: string, input: Input): string | undefined {
    return this.keyNamedBy(input)?.id ?? (input.KeyId as string | undefined);
  }

  permissionsOf(operation: string, input: Input): Permission[] {
    const action = `kms:${operation}`;
    const key = this.keyNamedBy(input);
    if (!key) return [{ action, resource: '*' }];
    const encryptionContext = Object.entries((input.EncryptionContext ?? {}) as Context);
    const context: Record<string, readonly string[]> = Object.fromEntries(encryptionContext.map(([name, value]) => [`kms:EncryptionContext:${name}`, [value]]));
    context['kms:EncryptionContextKeys'] = encryptionContext.map(([name]) => name);
    context['kms:CallerAccount'] = [this.options.accountId];
    if (typeof input.SigningAlgorithm === 'string') context['kms:SigningAlgorithm'] = [input.SigningAlgorithm];
    if (operation === 'Sign' || operation === 'Verify') context['kms:MessageType'] = [String(input.MessageType ?? 'RAW')];
    return [{ action, resource: key.arn, context }];
  }

  throttled(): AwsError {
    return new AwsError('ThrottlingException', 'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.');
  }

  conflict(): AwsError {
    return new AwsError('ConflictException', 'The request conflicts with another one');
  }

  provision(resource: ResolvedResource): ProvisionedResource {
    const { properties, type, generatedName, key: resourceKey } = resource;
    if (type === 'AWS::KMS::Alias') {
      const name = String(properties.AliasName);
      this.aliases.set(name, this.get(properties.TargetKeyId).id);
      this.changed();
      return { ref: name, attributes: {} };
    }
    // The id follows from the resource, so that kept ciphertexts find their key at the next start.
    const id = uuidFrom(`${resourceKey} ${generatedName}`);
    const key = this.keys.get(id) ?? this.create(id, properties);
    key.enabled = properties.Enabled === undefined || isTrue(properties.Enabled);
    key.rotation = isTrue(properties.EnableKeyRotation);
    return { ref: key.id, attributes: { Arn: key.arn, KeyId: key.id }, notEvaluated: ['key policy'] };
  }

  snapshot(): KmsState {
    return { keys: [...this.keys.values()], aliases: Object.fromEntries(this.aliases) };
  }

  restore({ keys, aliases }: KmsState): void {
    for (const key of keys) this.keys.set(key.id, key);
    for (const [name, id] of Object.entries(aliases)) this.aliases.set(name, id);
  }

  private cryptography(): Record<string, Operation> {
    return {
      Encrypt: (input) => {
        const key = this.usable(input, 'ENCRYPT_DECRYPT');
        const plaintext = bytes(input.Plaintext, 'plaintext');
        if (plaintext.length > MAX_PLAINTEXT) throw validationError(`plaintext: member must have length less than or equal to ${MAX_PLAINTEXT}`);
        return { KeyId: key.arn, CiphertextBlob: encrypt(key, plaintext, contextOf(input)).toString('base64'), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
      },
      Decrypt: (input) => {
        const key = this.keyOfCiphertext(input);
        const plaintext = decrypt(key, bytes(input.CiphertextBlob, 'ciphertextBlob'), contextOf(input));
        return { KeyId: key.arn, Plaintext: plaintext.toString('base64'), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
      },
      ReEncrypt: (input) => {
        const source = this.keyOfCiphertext({ CiphertextBlob: input.CiphertextBlob, KeyId: input.SourceKeyId });
        const target = this.usable({ KeyId: input.DestinationKeyId }, 'ENCRYPT_DECRYPT');
        const plaintext = decrypt(source, bytes(input.CiphertextBlob, 'ciphertextBlob'), (input.SourceEncryptionContext ?? {}) as Context);
        const blob = encrypt(target, plaintext, (input.DestinationEncryptionContext ?? {}) as Context);
        return { KeyId: target.arn, SourceKeyId: source.arn, CiphertextBlob: blob.toString('base64') };
      },
      GenerateDataKey: (input) => this.dataKey(input, true),
      GenerateDataKeyWithoutPlaintext: (input) => this.dataKey(input, false),
      GenerateRandom: (input) => ({ Plaintext: randomBytes(Number(input.NumberOfBytes ?? 32)).toString('base64') }),
      Sign: (input) => {
        const key = this.usable(input, 'SIGN_VERIFY');
        const algorithm = String(input.SigningAlgorithm);
        return { KeyId: key.arn, SigningAlgorithm: algorithm, Signature: signMessage(key, algorithm, messageOf(input)).toString('base64') };
      },
      Verify: (input) => {
        const key = this.usable(input, 'SIGN_VERIFY');
        const algorithm = String(input.SigningAlgorithm);
        if (!verifyMessage(key, algorithm, messageOf(input), bytes(input.Signature, 'signature'))) throw new AwsError('KMSInvalidSignatureException', '');
        return { KeyId: key.arn, SigningAlgorithm: algorithm, SignatureValid: true };
      },
      GetPublicKey: (input) => {
        const key = this.usable(input, 'SIGN_VERIFY');
        const publicKey = publicKeyOf(key).export({ type: 'spki', format: 'der' }).toString('base64');
        return { KeyId: key.arn, PublicKey: publicKey, KeySpec: key.spec, KeyUsage: key.usage, SigningAlgorithms: signingAlgorithmsOf(key) };
      },
      GenerateMac: (input) => {
        const key = this.usable(input, 'GENERATE_VERIFY_MAC');
        const algorithm = String(input.MacAlgorithm);
        return { KeyId: key.arn, MacAlgorithm: algorithm, Mac: macOf(key, algorithm, bytes(input.Message, 'message')).toString('base64') };
      },
      VerifyMac: (input) => {
        const key = this.usable(input, 'GENERATE_VERIFY_MAC');
        const algorithm = String(input.MacAlgorithm);
        const expected = macOf(key, algorithm, bytes(input.Message, 'message'));
        const given = bytes(input.Mac, 'mac');
        if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new AwsError('KMSInvalidMacException', '');
        return { KeyId: key.arn, MacAlgorithm: algorithm, MacValid: true };
      },
    };
  }

  private management(): Record<string, Operation> {
    return {
      CreateKey: (input) => ({ KeyMetadata: metadata(this.create(randomUUID(), input), this.options.accountId) }),
      DescribeKey: (input) => ({ KeyMetadata: metadata(this.get(input.KeyId), this.options.accountId) }),
      ListKeys: () => ({ Keys: [...this.keys.values()].map((key) => ({ KeyId: key.id, KeyArn: key.arn })), Truncated: false }),
      CreateAlias: (input) => {
        const name = String(input.AliasName);
        if (this.aliases.has(name)) throw new AwsError('AlreadyExistsException', `An alias with the name ${name} already exists`);
        this.aliases.set(name, this.get(input.TargetKeyId).id);
        this.changed();
        return {};
      },
      UpdateAlias: (input) => {
        this.aliases.set(String(input.AliasName), this.get(input.TargetKeyId).id);
        this.changed();
        return {};
      },
      DeleteAlias: (input) => {
        this.aliases.delete(String(input.AliasName));
        this.changed();
        return {};
      },
      ListAliases: () => ({
        Aliases: [...this.aliases].map(([name, id]) => ({ AliasName: name, AliasArn: arnIn(this.options, 'kms', name), TargetKeyId: id })),
        Truncated: false,
      }),
      EnableKey: (input) => this.set(input, { enabled: true }),
      DisableKey: (input) => this.set(input, { enabled: false }),
      EnableKeyRotation: (input) => this.set(input, { rotation: true }),
      DisableKeyRotation: (input) => this.set(input, { rotation: false }),
      GetKeyRotationStatus: (input) => ({ KeyRotationEnabled: this.get(input.KeyId).rotation }),
      ScheduleKeyDeletion: (input) => {
        const key = this.get(input.KeyId);
        this.set(input, { deletionAt: this.options.now() + Number(input.PendingWindowInDays ?? 30) * 86_400_000 });
        return { KeyId: key.arn, DeletionDate: epochSeconds(key.deletionAt!), KeyState: 'PendingDeletion' };
      },
      CancelKeyDeletion: (input) => {
        const key = this.get(input.KeyId);
        delete key.deletionAt;
        this.set(input, { enabled: false });
        return { KeyId: key.arn };
      },
    };
  }

  private dataKey(input: Input, withPlaintext: boolean): Record<string, unknown> {
    const key = this.usable(input, 'ENCRYPT_DECRYPT');
    const plaintext = randomBytes(Number(input.NumberOfBytes ?? (input.KeySpec === 'AES_128' ? 16 : 32)));
    const blob = encrypt(key, plaintext, contextOf(input)).toString('base64');
    return { KeyId: key.arn, CiphertextBlob: blob, ...(withPlaintext ? { Plaintext: plaintext.toString('base64') } : {}) };
  }

  private create(id: string, input: Input): Key {
    const spec = String(input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT');
    const key: Key = {
      id,
      arn: arnIn(this.options, 'kms', `key/${id}`),
      spec,
      usage: String(input.KeyUsage ?? defaultUsage(spec)),
      material: newMaterial(spec),
      createdAt: this.options.now(),
      ...(typeof input.Description === 'string' ? { description: input.Description } : {}),
      enabled: true,
      rotation: false,
    };
    this.keys.set(id, key);
    this.changed();
    return key;
  }

  private find(reference: string): Key | undefined {
    const name = reference.startsWith('arn:') ? reference.split(':').slice(5).join(':').replace(/^key\//, '') : reference;
    return this.keys.get(name.startsWith('alias/') ? this.aliases.get(name) ?? '' : name);
  }

  private get(reference: unknown): Key {
    const key = typeof reference === 'string' ? this.find(reference) : undefined;
    if (!key) throw new AwsError('NotFoundException', `Key '${String(reference)}' does not exist`);
    return key;
  }

  private usable(input: Input, usage: string): Key {
    const key = this.get(input.KeyId);
    if (key.deletionAt !== undefined) throw new AwsError('KMSInvalidStateException', `${key.arn} is pending deletion.`);
    if (!key.enabled) throw new AwsError('DisabledException', `${key.arn} is disabled.`);
    if (key.usage !== usage) throw new AwsError('InvalidKeyUsageException', `${key.arn} key usage is ${key.usage} which is not valid for this operation.`);
    return key;
  }

  private keyOfCiphertext(input: Input): Key {
    const id = keyIdOf(bytes(input.CiphertextBlob, 'ciphertextBlob'));
    if (input.KeyId !== undefined && this.get(input.KeyId).id !== id) {
      throw new AwsError('IncorrectKeyException', 'The key ID in the request does not identify a CMK that can perform this operation.');
    }
    return this.usable({ KeyId: id }, 'ENCRYPT_DECRYPT');
  }

  private keyNamedBy(input: Input): Key | undefined {
    if (typeof input.KeyId === 'string') return this.find(input.KeyId);
    if (typeof input.CiphertextBlob !== 'string') return undefined;
    try {
      return this.find(keyIdOf(Buffer.from(input.CiphertextBlob, 'base64')));
    } catch {
      return undefined;
    }
  }

  private set(input: Input, change: Partial<Pick<Key, 'enabled' | 'rotation' | 'deletionAt'>>): Record<string, unknown> {
    Object.assign(this.get(input.KeyId), change);
    this.changed();
    return {};
  }

  private changed(): void {
    this.options.changed?.();
  }
}

function metadata(key: Key, accountId: string): Record<string, unknown> {
  const state = key.deletionAt !== undefined ? 'PendingDeletion' : key.enabled ? 'Enabled' : 'Disabled';
  return {
    AWSAccountId: accountId,
    KeyId: key.id,
    Arn: key.arn,
    CreationDate: epochSeconds(key.createdAt),
    Enabled: state === 'Enabled',
    Description: key.description ?? '',
    KeyUsage: key.usage,
    KeyState: state,
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    KeySpec: key.spec,
    CustomerMasterKeySpec: key.spec,
    MultiRegion: false,
    ...(key.usage === 'SIGN_VERIFY' ? { SigningAlgorithms: signingAlgorithmsOf(key) } : {}),
    ...(key.usage === 'GENERATE_VERIFY_MAC' ? { MacAlgorithms: [macAlgorithmOf(key)] } : {}),
    ...(key.usage === 'ENCRYPT_DECRYPT' ? { EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] } : {}),
  };
}

const contextOf = (input: Input): Context => (input.EncryptionContext ?? {}) as Context;

function bytes(value: unknown, member: string): Buffer {
  if (typeof value !== 'string' || value === '') throw validationError(`1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must not be null`);
  return Buffer.from(value, 'base64');
}

/** node:crypto signs messages, not digests made elsewhere. */
function messageOf(input: Input): Buffer {
  if (input.MessageType === 'DIGEST') throw new AwsError('UnsupportedOperationException', 'MessageType DIGEST is not available in the local instance, use RAW');
  return bytes(input.Message, 'message');
}

function uuidFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
