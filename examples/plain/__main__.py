"""Somebody else's Python program that imports components: a private network, and its ids published for workloads.

No package, no second process: components are ordinary classes whose inputs are dataclasses.
"""

import sys
from pathlib import Path

import pulumi
import pulumi_aws as aws

sys.path.append(str(Path(__file__).resolve().parents[2]))  # where mlz lies: in your repository, a submodule

from components.account.contract import Contract, ContractArgs
from components.network.network import EndpointArgs, Network, NetworkArgs

REGION = "eu-west-1"

home = pulumi.ResourceOptions(provider=aws.Provider("home", region=REGION))

network = Network(
    "pricing",
    NetworkArgs(
        account_key="pricing",
        region=REGION,
        cidr="10.20.0.0/22",
        subnets={"a": "10.20.0.0/24", "b": "10.20.1.0/24"},
        endpoints={
            "s3": EndpointArgs(service=f"com.amazonaws.{REGION}.s3", gateway=True),
            "sts": EndpointArgs(service=f"com.amazonaws.{REGION}.sts", gateway=False),
        },
        distributed=False,
        beyond={},
    ),
    home,
)
contract = Contract(
    "pricing",
    ContractArgs(
        values={
            "network/vpc-id": network.vpc_id,
            **{f"network/subnets/{zone}": subnet_id for zone, subnet_id in network.subnet_ids.items()},
        }
    ),
    home,
)

pulumi.export("vpc", network.vpc_id)
pulumi.export("contract", contract.paths)
