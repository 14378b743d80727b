"""A simulated company with known truth: the only source of the sample client and of the recovery tests."""
