"""Settings of the whole suite: the same examples in every run, so that a change that fails is the change's own doing.

``HYPOTHESIS_PROFILE=explore`` looks at fresh examples, many more of them; save what it finds as a test of its own.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=2_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))
