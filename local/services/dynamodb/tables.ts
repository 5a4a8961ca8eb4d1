import { AwsError, validationError } from '../errors';
import { checkInput, run, runSync } from './actions';
import { Input, TableDescription } from './model';
import { TableStore } from './store';
import { ReadView, tableOf } from './views';

/** What a table has beyond dynalite's own description. */
export interface TableSettings {
  readonly ttlAttribute?: string;
  readonly deletionProtection: boolean;
  readonly pointInTimeRecovery: boolean;
  readonly sse?: Readonly<Record<string, unknown>>;
  readonly tableClass?: string;
}

const defaults: TableSettings = { deletionProtection: false, pointInTimeRecovery: false };

/** Tables: creating, changing, describing. Data never passes here. */
export class Tables {
  private readonly settings = new Map<string, TableSettings>();

  constructor(private readonly store: TableStore, private readonly changed: () => void) {}

  async create(input: Input): Promise<Record<string, unknown>> {
    const { DeletionProtectionEnabled: protect, SSESpecification: sse, TableClass: tableClass, Tags: tags } = input;
    const data = checkInput('CreateTable', { ...input }, this.store.dynalite);
    const name = data.TableName as string;
    await run('CreateTable', this.store.dynalite, data);
    await this.untilActive(name);
    this.settings.set(name, {
      ...defaults,
      deletionProtection: protect === true,
      ...(sse ? { sse: sse as Record<string, unknown> } : {}),
      ...(tableClass ? { tableClass: tableClass as string } : {}),
    });
    const description = this.describe(name);
    if (Array.isArray(tags) && tags.length > 0) await this.tag('TagResource', { ResourceArn: description.TableArn, Tags: tags });
    this.changed();
    return { TableDescription: { ...description, TableStatus: 'CREATING' } };
  }

  /** dynalite makes a table active by a timer of 0 ms. */
  private async untilActive(name: string): Promise<void> {
    for (;;) {
      const table = this.store.dynalite.db.getSync(`table~${name}`) as TableDescription | undefined;
      if (table?.TableStatus === 'ACTIVE') return;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async delete(input: Input): Promise<Record<string, unknown>> {
    const data = checkInput('DeleteTable', input, this.store.dynalite);
    const name = nameOf(data.TableName);
    if (this.settingsOf(name).deletionProtection && this.exists(name)) {
      throw validationError('Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.');
    }
    const output = await run('DeleteTable', this.store.dynalite, { TableName: name });
    while (this.store.dynalite.db.getSync(`table~${name}`) !== undefined) await new Promise((resolve) => setImmediate(resolve));
    this.settings.delete(name);
    this.changed();
    return output;
  }

  async update(input: Input): Promise<Record<string, unknown>> {
    const name = nameOf(input.TableName);
    const { DeletionProtectionEnabled: protect, SSESpecification: sse, TableClass: tableClass } = input;
    tableOf(this.store.dynalite, name);
    this.settings.set(name, {
      ...this.settingsOf(name),
      ...(protect === undefined ? {} : { deletionProtection: protect === true }),
      ...(sse ? { sse: sse as Record<string, unknown> } : {}),
      ...(tableClass ? { tableClass: tableClass as string } : {}),
    });
    const beyond = ['TableName', 'DeletionProtectionEnabled', 'SSESpecification', 'TableClass'];
    if (Object.keys(input).some((member) => !beyond.includes(member))) {
      await run('UpdateTable', this.store.dynalite, checkInput('UpdateTable', { ...input, TableName: name }, this.store.dynalite));
      await this.untilActive(name);
    }
    this.changed();
    return { TableDescription: this.describe(name) };
  }

  describe(nameOrArn: unknown): TableDescription & Record<string, unknown> {
    const name = nameOf(nameOrArn);
    checkInput('DescribeTable', { TableName: name }, this.store.dynalite);
    if (!this.exists(name)) throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
    const { Table: table } = runSync('DescribeTable', new ReadView(this.store.dynalite), { TableName: name });
    const { deletionProtection, sse, tableClass } = this.settingsOf(name);
    return {
      ...(table as TableDescription),
      DeletionProtectionEnabled: deletionProtection,
      ...(sse ? { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', ...(sse.KMSMasterKeyId ? { KMSMasterKeyArn: sse.KMSMasterKeyId } : {}) } } : {}),
      ...(tableClass ? { TableClassSummary: { TableClass: tableClass } } : {}),
    };
  }

  list(input: Input): Promise<Record<string, unknown>> {
    return run('ListTables', this.store.dynalite, checkInput('ListTables', input, this.store.dynalite));
  }

  tag(operation: 'TagResource' | 'UntagResource' | 'ListTagsOfResource', input: Input): Promise<Record<string, unknown>> {
    return run(operation, this.store.dynalite, checkInput(operation, input, this.store.dynalite));
  }

  describeTimeToLive(input: Input): Record<string, unknown> {
    const { TableName: name } = this.describe(input.TableName);
    const attribute = this.settingsOf(name).ttlAttribute;
    return { TimeToLiveDescription: attribute ? { TimeToLiveStatus: 'ENABLED', AttributeName: attribute } : { TimeToLiveStatus: 'DISABLED' } };
  }

  updateTimeToLive(input: Input): Record<string, unknown> {
    const { TableName: name } = this.describe(input.TableName);
    const specification = (input.TimeToLiveSpecification ?? {}) as { Enabled?: boolean; AttributeName?: string };
    if (typeof specification.Enabled !== 'boolean' || !specification.AttributeName) throw validationError('TimeToLiveSpecification needs Enabled and AttributeName');
    const { ttlAttribute: present, ...others } = this.settingsOf(name);
    if (specification.Enabled === (present !== undefined)) throw validationError(`TimeToLive is already ${present ? 'enabled' : 'disabled'}`);
    if (present !== undefined && present !== specification.AttributeName) throw validationError(`TimeToLive is active on a different AttributeName: current AttributeName is ${present}`);
    this.settings.set(name, specification.Enabled ? { ...others, ttlAttribute: specification.AttributeName } : others);
    this.changed();
    return { TimeToLiveSpecification: specification };
  }

  describeContinuousBackups(input: Input): Record<string, unknown> {
    const { TableName: name } = this.describe(input.TableName);
    const status = this.settingsOf(name).pointInTimeRecovery ? 'ENABLED' : 'DISABLED';
    return { ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: status } } };
  }

  updateContinuousBackups(input: Input): Record<string, unknown> {
    const { TableName: name } = this.describe(input.TableName);
    const { PointInTimeRecoveryEnabled: enabled } = (input.PointInTimeRecoverySpecification ?? {}) as { PointInTimeRecoveryEnabled?: boolean };
    this.settings.set(name, { ...this.settingsOf(name), pointInTimeRecovery: enabled === true });
    this.changed();
    return this.describeContinuousBackups(input);
  }

  exists(name: string): boolean {
    return this.store.dynalite.db.getSync(`table~${name}`) !== undefined;
  }

  /** Tables whose items expire, with the attribute that says when. */
  expiring(): { readonly table: TableDescription; readonly attribute: string }[] {
    return [...this.settings].flatMap(([name, { ttlAttribute: attribute }]) =>
      attribute && this.exists(name) ? [{ table: tableOf(this.store.dynalite, name), attribute }] : []);
  }

  names(): string[] {
    return [...this.settings.keys()];
  }

  snapshot(): Record<string, TableSettings> {
    return Object.fromEntries(this.settings);
  }

  restore(settings: Readonly<Record<string, TableSettings>>): void {
    for (const [name, one] of Object.entries(settings)) this.settings.set(name, one);
  }

  private settingsOf(name: string): TableSettings {
    return this.settings.get(name) ?? defaults;
  }
}

/** AWS takes a table's ARN wherever it takes its name. */
export function nameOf(nameOrArn: unknown): string {
  if (typeof nameOrArn !== 'string') throw validationError('1 validation error detected: Value null at \'tableName\' failed to satisfy constraint: Member must not be null');
  return nameOrArn.startsWith('arn:') ? nameOrArn.split(':table/')[1]?.split('/')[0] ?? nameOrArn : nameOrArn;
}
