"""mcrlib: which customer relationships feed us, which do we mine, and where should the next hour go."""

__version__ = "0.1.0"
