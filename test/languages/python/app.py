import sys

from aws_cdk import App, Stack
from cdk_auth_service import AuthService

app = App(analytics_reporting=False, outdir=sys.argv[1])
stack = Stack(app, "Quickstart")
AuthService(stack, "Auth")
app.synth()
