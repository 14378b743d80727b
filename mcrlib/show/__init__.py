"""SHOW: figures, exhibits, words and the published report."""
