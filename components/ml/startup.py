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
{more}exit 0
"""
"""The file is where the SDK reads an administrator's defaults. In AWS's images for Studio everybody may write it; it
ends with the app. The script never fails, or the app would not start. Sources, read 2026-11-29: sagemaker 2.257.7,
sagemaker/config/config.py; aws/sagemaker-distribution, template/v3/Dockerfile; SageMaker Developer Guide, "Lifecycle
configurations within Amazon SageMaker Studio"."""

_TRACKING: Final = """# MLflow's address, and whom tokens are for, in notebooks and terminals. Others' own stay.
own=$HOME/.config/mlz
starts=$HOME/.ipython/profile_default/startup
if uri=$(timeout 60 aws ssm get-parameter --name {parameter} --query Parameter.Value --output text) && [ -n "$uri" ]
then
  host=${{uri#https://}}
  mkdir -p "$own" "$starts" &&
  printf 'export MLFLOW_TRACKING_URI="${{MLFLOW_TRACKING_URI:-%s}}"\\n' "$uri" > "$own/environment" &&
  printf 'export MLZ_MLFLOW_AUDIENCE="${{MLZ_MLFLOW_AUDIENCE:-%s}}"\\n' "$host" >> "$own/environment" &&
  printf 'export MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD=false\\n' >> "$own/environment" &&
  printf 'import os\\nos.environ.setdefault("MLFLOW_TRACKING_URI", "%s")\\n' "$uri" > "$starts/10-mlz-mlflow.py" &&
  printf 'os.environ.setdefault("MLZ_MLFLOW_AUDIENCE", "%s")\\n' "$host" >> "$starts/10-mlz-mlflow.py" &&
  printf 'os.environ.setdefault("MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD", "false")\\n' >> "$starts/10-mlz-mlflow.py" &&
  line='[ ! -f ~/.config/mlz/environment ] || . ~/.config/mlz/environment # mlz' &&
  {{ grep -qsxF "$line" "$HOME/.bashrc" || printf '%s\\n' "$line" >> "$HOME/.bashrc"; }} ||
  echo "cannot write MLflow's address below $HOME" >&2
else echo "no address of MLflow: cannot read {parameter}" >&2
fi
"""
"""The third variable: a link to S3 would be refused here, for the artifacts' bucket answers to the platform's own
endpoints only.

A variable that the script sets would not reach kernels: IPython runs the files of its startup folder in each of
them, bash reads .bashrc in each terminal. Tried with ipykernel 7.4.0, IPython 9.18.1 and bash 5.2 on 2026-11-30."""


def startup(
    name: str, account_key: str, parameter: str, opts: pulumi.ResourceOptions, *, tracking_uri: str
) -> Mapping[str, pulumi.Output[str]]:
    """Make the lifecycle configurations; their ARNs by app: jupyter, editor.

    Args:
        name: begins their logical names.
        account_key: account of the domain.
        parameter: SSM parameter with the SDK's defaults.
        opts: options of each.
        tracking_uri: SSM parameter with MLflow's address; empty: clients are given none.
    """
    more = _TRACKING.format(parameter=tracking_uri) if tracking_uri else ""
    script = _SCRIPT.format(parameter=parameter, more=more).encode()
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
