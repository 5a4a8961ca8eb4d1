package quickstart;

import io.github.cdkauthservice.AuthService;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Stack;

public final class QuickstartApp {
    private QuickstartApp() {
    }

    public static void main(final String[] args) {
        App app = new App(AppProps.builder().analyticsReporting(false).outdir(args[0]).build());
        Stack stack = new Stack(app, "Quickstart");
        AuthService.Builder.create(stack, "Auth").build();
        app.synth();
    }
}
