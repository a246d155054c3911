"""What the running service shows over HTTP: whether it is well, and figures. It only reads.

``server`` listens where the configuration says, and bears with clients of every kind; ``health`` answers whether the
service lives and can work, ``metrics`` with figures for Prometheus.
"""

from .server import showing

__all__ = ["showing"]
