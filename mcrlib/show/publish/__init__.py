"""From executed notebooks to a published report."""

import sys

# Where JupyterLab is installed, jsonschema builds a grammar of web addresses as it is imported: a third of a second for
# a check that no notebook is put to.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
