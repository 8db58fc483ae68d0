"""The components as a Pulumi package: what lets programs in any language use them."""
