"""Guardrail: EC2's account settings, declared once and kept by AWS."""

from zone.guardrails.enforcement import Guardrail, PolicyType
from zone.guardrails.statement import assign


def ec2_defaults() -> Guardrail:
    """Ask for session tokens of instance metadata; close public images, public snapshots and the serial console."""
    return Guardrail(
        key="ec2-defaults",
        type=PolicyType.EC2,
        description="Instances serve metadata by session token only; images and snapshots are never public; the serial "
        "console is off. No account can change it.",
        document={
            "ec2_attributes": {
                "exception_message": assign("Set for the whole organisation: see docs/guardrails.md, ec2-defaults."),
                "instance_metadata_defaults": {
                    "http_tokens": assign("required"),
                    "http_tokens_enforced": assign("enabled"),
                    # Two: a container on the instance is one hop further. AWS recommends it with required tokens.
                    "http_put_response_hop_limit": assign("2"),
                },
                "image_block_public_access": {"state": assign("block_new_sharing")},
                "snapshot_block_public_access": {"state": assign("block_all_sharing")},
                "serial_console_access": {"status": assign("disabled")},
            }
        },
        targets=("root",),
    )
