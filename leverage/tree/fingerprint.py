"""Do two files say the same? Their hashes tell: comments, layout and the order of keys do not count, lists do."""

from __future__ import annotations

import hashlib
import json

from leverage.files.plain import Plain, to_python


def fingerprint(plain: Plain) -> str:
    """SHA-256 of the data in one canonical form, as 64 hexadecimal digits."""
    canonical = json.dumps(to_python(plain), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
