"""The world on this machine: the engine and the emulated AWS."""
