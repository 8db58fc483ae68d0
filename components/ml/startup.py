"""What a Studio app does when it starts: the SageMaker Python SDK gets its defaults, pip gets its packages."""

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

_PACKAGES: Final = """# pip gets packages of the environment's repository. No token is stored, and none ends while
# somebody works: pip asks the command keyring for one each time it runs, and that asks CodeArtifact.
root() {{ if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }}
said() {{ timeout 60 aws ssm get-parameter --name {path}/$1 --query Parameter.Value --output text; }}
if index=$(said pypi) && domain=$(said domain) && owner=$(said owner) && [ -n "$index" ]
then
address=${{index#*://}} region=${{index#*.codeartifact.}}
root tee /usr/local/bin/keyring > /dev/null << END
#!/bin/sh
# pip asks: keyring get URL USER; from some version between 23.2 and 26.3 on with --mode=creds --output=json before it.
form=%s
case "\\$1" in --mode=creds) form='{{"username": "aws", "password": "%s"}}'; shift 2 ;; esac
case "\\$1 \\$2" in "get "*"${{address%%/*}}"*) ;; *) exit 1 ;; esac
token=\\$(aws codeartifact get-authorization-token --domain $domain --domain-owner $owner --region ${{region%%.*}} \\
  --duration-seconds 900 --query authorizationToken --output text) && printf "\\$form" "\\$token"
END
root chmod 755 /usr/local/bin/keyring
root tee /etc/pip.conf > /dev/null << END
[global]
index-url = ${{index%%://*}}://aws@$address
keyring-provider = subprocess
END
else echo "no packages: cannot read {path}" >&2
fi
"""
"""Sources, read 2026-11-30: aws/sagemaker-distribution, template/v3/Dockerfile (everybody may sudo; the AWS CLI is in
/usr/local); pip 23.2.1 and 26.3, _internal/network/auth.py (what it asks keyring, and that it looks for it on PATH but
beside itself); CodeArtifact User Guide, "AWS CodeArtifact authentication and tokens" (a quarter of an hour is the
least)."""


def startup(
    name: str,
    account_key: str,
    parameter: str,
    opts: pulumi.ResourceOptions,
    *,
    tracking_uri: str,
    packages: str,
) -> Mapping[str, pulumi.Output[str]]:
    """Make the lifecycle configurations; their ARNs by app: jupyter, editor.

    Args:
        name: begins their logical names.
        account_key: account of the domain.
        parameter: SSM parameter with the SDK's defaults.
        opts: options of each.
        tracking_uri: SSM parameter with MLflow's address; empty: clients are given none.
        packages: SSM path of where packages come from; empty: pip is left as it is.
    """
    more = _TRACKING.format(parameter=tracking_uri) if tracking_uri else ""
    more += _PACKAGES.format(path=packages) if packages else ""
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
