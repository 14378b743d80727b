"""DESCRIBE: one row per account at a date, one row per account and period."""
