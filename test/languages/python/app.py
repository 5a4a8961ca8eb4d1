import sys

from aws_cdk import App, Duration, Size, Stack
from aws_cdk.aws_certificatemanager import Certificate
from aws_cdk.aws_route53 import HostedZone
from cdk_auth_service import (
    AccessLogs,
    AlarmOverride,
    AuthAlarm,
    AuthApi,
    AuthFunctionName,
    AuthFunctionOptions,
    AuthPreset,
    AuthRoute,
    AuthService,
    CloudFrontFirewall,
    CustomDomainOptions,
    Firewall,
    FunctionDeployment,
    FunctionsOptions,
    LoginFailureLimit,
    MonitoringOptions,
    MuteWindow,
    PasswordHashing,
    PasswordOptions,
    PointInTimeRecovery,
    ProfileAttribute,
    ProvisionedConcurrency,
    Registration,
    RouteThrottleOptions,
    SigningAlgorithm,
    SigningKeys,
    StorageOptions,
    ThrottleOptions,
    TokenOptions,
    TokenTransport,
    WebAppOptions,
)

app = App(analytics_reporting=False, outdir=sys.argv[1])
AuthService(Stack(app, "Quickstart"), "Auth")
AuthService(Stack(app, "Production"), "Auth", preset=AuthPreset.production())
AuthService(Stack(app, "Development"), "Auth", preset=AuthPreset.development())
AuthService(Stack(app, "HighScale"), "Auth", preset=AuthPreset.high_scale())
AuthService(
    Stack(app, "Variants"),
    "Auth",
    service_name="shop",
    web_app=WebAppOptions(origins=["https://app.example.com"]),
    api=AuthApi.rest(
        access_logs=AccessLogs.none(),
        route_throttles=[RouteThrottleOptions(route=AuthRoute.LOGIN, rate_limit=20, burst_limit=30)],
    ),
    firewall=Firewall.managed(requests_per_minute=500, blocked_networks=["192.0.2.0/24"]),
    registration=Registration.invite_only(),
    profile=[
        ProfileAttribute.string("locale", allowed=["de", "en"]),
        ProfileAttribute.number("seats", min=1, max=9),
    ],
    tokens=TokenOptions(session_lifetime=Duration.days(7), transport=TokenTransport.both()),
    signing_keys=SigningKeys.rotating(algorithm=SigningAlgorithm.EDDSA, every=Duration.days(7)),
    passwords=PasswordOptions(hashing=PasswordHashing.scrypt()),
    storage=StorageOptions(point_in_time_recovery=PointInTimeRecovery.enabled(Duration.days(7))),
    functions=FunctionsOptions(
        deployment=FunctionDeployment.canary(percentage=20),
        overrides=[
            AuthFunctionOptions(
                name=AuthFunctionName.LOGIN,
                memory=Size.mebibytes(1769),
                provisioned_concurrency=ProvisionedConcurrency.utilization(min=1, max=5),
            )
        ],
    ),
    monitoring=MonitoringOptions(
        alarm_overrides=[AlarmOverride(alarm=AuthAlarm.LOGIN_LATENCY_P99, threshold=1000)],
        login_failures=LoginFailureLimit.share(25, 100),
        mute_windows=[MuteWindow.recurring("0 2 * * SUN", Duration.hours(2))],
    ),
)
firewall = CloudFrontFirewall(Stack(app, "Edge"), "Firewall", service_name="shop", requests_per_minute=500)
stack = Stack(app, "Fronted")
AuthService(
    stack,
    "Auth",
    api=AuthApi.http(
        throttle=ThrottleOptions(rate_limit=50),
        custom_domain=CustomDomainOptions(
            domain_name="auth.example.com",
            certificate=Certificate.from_certificate_arn(stack, "Certificate", "arn:aws:acm:us-east-1:111111111111:certificate/1"),
            hosted_zone=HostedZone.from_hosted_zone_attributes(stack, "Zone", hosted_zone_id="Z1", zone_name="example.com"),
        ),
    ),
    firewall=Firewall.cloud_front(firewall.web_acl_arn),
    signing_keys=SigningKeys.kms(key_ids=["2026-11", "2027-05"], algorithm=SigningAlgorithm.RS256),
)
app.synth()
