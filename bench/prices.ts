/**
 * List prices in US dollars, us-east-1, November 2026, from the price pages of the services: aws.amazon.com/{dynamodb,lambda,api-gateway,
 * waf,cloudfront,cloudwatch}/pricing. On demand, after the free tier.
 */
export const prices = {
  /** DynamoDB, a million units. */
  readUnits: 0.125,
  writeUnits: 0.625,
  /** Lambda on arm64: a GB-second, and a million requests. */
  gigabyteSecond: 0.0000133334,
  lambdaRequests: 0.2,
  /** REST API and web ACL, a million requests. */
  restRequests: 3.5,
  firewallRequests: 0.6,
  /** HTTP API, CloudFront over HTTPS, its functions, a million requests. */
  httpRequests: 1,
  distributionRequests: 1,
  edgeFunctionRequests: 0.1,
} as const;
