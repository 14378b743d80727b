"""From executed notebooks to a published report."""
