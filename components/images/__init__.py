"""Images that an environment shares: repositories, caches of other registries, copies in other regions, builds."""
