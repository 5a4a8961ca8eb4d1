package quickstart;

import io.github.cdkauthservice.*;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.certificatemanager.Certificate;
import software.amazon.awscdk.services.route53.HostedZone;
import software.amazon.awscdk.services.route53.HostedZoneAttributes;

public final class QuickstartApp {
    private QuickstartApp() {
    }

    public static void main(final String[] args) {
        App app = new App(AppProps.builder().analyticsReporting(false).outdir(args[0]).build());
        AuthService.Builder.create(new Stack(app, "Quickstart"), "Auth").build();
        AuthService.Builder.create(new Stack(app, "Production"), "Auth").preset(AuthPreset.production()).build();
        AuthService.Builder.create(new Stack(app, "Development"), "Auth").preset(AuthPreset.development()).build();
        AuthService.Builder.create(new Stack(app, "HighScale"), "Auth").preset(AuthPreset.highScale()).build();
        variants(new Stack(app, "Variants"));
        CloudFrontFirewall firewall = CloudFrontFirewall.Builder.create(new Stack(app, "Edge"), "Firewall").serviceName("shop").requestsPerMinute(500).build();
        fronted(new Stack(app, "Fronted"), firewall);
        app.synth();
    }

    private static void variants(final Stack stack) {
        AuthService.Builder.create(stack, "Auth")
            .serviceName("shop")
            .webApp(WebAppOptions.builder().origins(List.of("https://app.example.com")).build())
            .api(AuthApi.rest(RestApiOptions.builder()
                .accessLogs(AccessLogs.none())
                .routeThrottles(List.of(RouteThrottleOptions.builder().route(AuthRoute.LOGIN).rateLimit(20).burstLimit(30).build()))
                .build()))
            .firewall(Firewall.managed(ManagedFirewallOptions.builder().requestsPerMinute(500).blockedNetworks(List.of("192.0.2.0/24")).build()))
            .registration(Registration.inviteOnly())
            .profile(List.of(
                ProfileAttribute.string("locale", StringAttributeOptions.builder().allowed(List.of("de", "en")).build()),
                ProfileAttribute.number("seats", NumberAttributeOptions.builder().min(1).max(9).build())))
            .tokens(TokenOptions.builder().sessionLifetime(Duration.days(7)).transport(TokenTransport.both()).build())
            .signingKeys(SigningKeys.rotating(RotatingKeysOptions.builder().algorithm(SigningAlgorithm.EDDSA).every(Duration.days(7)).build()))
            .passwords(PasswordOptions.builder().hashing(PasswordHashing.scrypt()).build())
            .storage(StorageOptions.builder().pointInTimeRecovery(PointInTimeRecovery.enabled(Duration.days(7))).build())
            .functions(FunctionsOptions.builder()
                .deployment(FunctionDeployment.canary(GradualDeploymentOptions.builder().percentage(20).build()))
                .overrides(List.of(AuthFunctionOptions.builder()
                    .name(AuthFunctionName.LOGIN)
                    .memory(Size.mebibytes(1769))
                    .provisionedConcurrency(ProvisionedConcurrency.utilization(UtilizationOptions.builder().min(1).max(5).build()))
                    .build()))
                .build())
            .monitoring(MonitoringOptions.builder()
                .alarmOverrides(List.of(AlarmOverride.builder().alarm(AuthAlarm.LOGIN_LATENCY_P99).threshold(1000).build()))
                .loginFailures(LoginFailureLimit.share(25, 100))
                .muteWindows(List.of(MuteWindow.recurring("0 2 * * SUN", Duration.hours(2))))
                .build())
            .build();
    }

    private static void fronted(final Stack stack, final CloudFrontFirewall firewall) {
        AuthService.Builder.create(stack, "Auth")
            .api(AuthApi.http(HttpApiOptions.builder()
                .throttle(ThrottleOptions.builder().rateLimit(50).build())
                .customDomain(CustomDomainOptions.builder()
                    .domainName("auth.example.com")
                    .certificate(Certificate.fromCertificateArn(stack, "Certificate", "arn:aws:acm:us-east-1:111111111111:certificate/1"))
                    .hostedZone(HostedZone.fromHostedZoneAttributes(stack, "Zone",
                        HostedZoneAttributes.builder().hostedZoneId("Z1").zoneName("example.com").build()))
                    .build())
                .build()))
            .firewall(Firewall.cloudFront(firewall.getWebAclArn()))
            .signingKeys(SigningKeys.kms(KmsKeysOptions.builder().keyIds(List.of("2026-11", "2027-05")).algorithm(SigningAlgorithm.RS256).build()))
            .build();
    }
}
