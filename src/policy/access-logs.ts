import { Token } from 'aws-cdk-lib';
import { IDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { refuse } from './validation';

/** Where the API's access log goes: one JSON line a request, never a header or a body. */
export class AccessLogs {
  /**
   * To CloudWatch Logs. API Gateway writes through one role for the whole account and Region. This creates the role, sets it as the
   * account's, and keeps it when the stack goes, since other APIs may write through it by then.
   */
  public static cloudWatch(): AccessLogs {
    return new AccessLogs('cloudwatch', true);
  }

  /** To CloudWatch Logs, in an account whose API Gateway log role is set already and looked after elsewhere. */
  public static cloudWatchWithExistingAccountRole(): AccessLogs {
    return new AccessLogs('cloudwatch', false);
  }

  /** To a delivery stream of Data Firehose, whose name has to begin with `amazon-apigateway-`. */
  public static firehose(stream: IDeliveryStream): AccessLogs {
    const name = stream.deliveryStreamName;
    if (!Token.isUnresolved(name) && !name.startsWith('amazon-apigateway-')) {
      refuse('api: accessLogs', `a stream named ${JSON.stringify(name)}`, 'a name that begins with amazon-apigateway-', 'API Gateway accepts no other');
    }
    return new AccessLogs('firehose', false, stream);
  }

  /** Nowhere: who called what, and what API Gateway itself refused, can then not be found out afterwards. */
  public static none(): AccessLogs {
    return new AccessLogs('none', false);
  }

  private constructor(
    /** @internal */
    public readonly _destination: 'cloudwatch' | 'firehose' | 'none',
    /** @internal */
    public readonly _createsAccountRole: boolean,
    /** @internal */
    public readonly _stream?: IDeliveryStream,
  ) {}
}
