"""What a Studio app does when it starts: it puts the SageMaker Python SDK's defaults where the SDK looks for them."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Final

import pulumi
import pulumi_aws as aws

from zone import names

_APPS: Final = {"jupyter": "JupyterLab", "editor": "CodeEditor"}

_SCRIPT: Final = """#!/bin/bash
# The SageMaker Python SDK's defaults for this account: network, keys and roles. An app starts without them, too.
file=/etc/xdg/sagemaker/config.yaml
if text=$(timeout 60 aws ssm get-parameter --name {parameter} --query Parameter.Value --output text) && [ -n "$text" ]
then printf '%s\\n' "$text" > "$file" || echo "cannot write $file" >&2
else echo "no SDK defaults: cannot read {parameter}" >&2
fi
exit 0
"""
"""The file is where the SDK reads an administrator's defaults. In AWS's images for Studio everybody may write it; it
ends with the app. The script never fails, or the app would not start. Sources, read 2026-11-29: sagemaker 2.257.7,
sagemaker/config/config.py; aws/sagemaker-distribution, template/v3/Dockerfile; SageMaker Developer Guide, "Lifecycle
configurations within Amazon SageMaker Studio"."""


def startup(
    name: str, account_key: str, parameter: str, opts: pulumi.ResourceOptions
) -> Mapping[str, pulumi.Output[str]]:
    """Make the lifecycle configurations that read SSM parameter *parameter*; their ARNs by app: jupyter, editor."""
    script = _SCRIPT.format(parameter=parameter).encode()
    # AWS changes no script, and deletes none that a domain names: another one needs another name.
    version = hashlib.sha256(script).hexdigest()[:8]
    return {
        app: aws.sagemaker.StudioLifecycleConfig(
            f"{name}-startup-{app}",
            studio_lifecycle_config_name=names.lifecycle_config(account_key, app, version),
            studio_lifecycle_config_app_type=kind,
            studio_lifecycle_config_content=base64.b64encode(script).decode(),
            opts=opts,
        ).arn
        for app, kind in _APPS.items()
    }
