"""The soil value: how often each account will order, how much, and what that is worth over the years."""
