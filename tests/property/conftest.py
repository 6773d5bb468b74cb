"""One profile for all property tests: a slow machine is no failure of an invariant."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("hailong", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hailong")
