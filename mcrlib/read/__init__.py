"""From exports as they were delivered to canonical tables; a corridor, each room standing on the one before it."""
