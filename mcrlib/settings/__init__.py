"""What a client may set in client.yaml, with the defaults and where each threshold comes from."""

from mcrlib.settings.file import example, read_settings
from mcrlib.settings.keys import FileSpec, Language, MergeSettings, Override, Settings
from mcrlib.thresholds import Thresholds

__all__ = [
    "FileSpec",
    "Language",
    "MergeSettings",
    "Override",
    "Settings",
    "Thresholds",
    "example",
    "read_settings",
]
