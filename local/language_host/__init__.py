"""Pulumi's language host for a rehearsal: `host` starts it, `service` answers the engine, `packs` wait."""
