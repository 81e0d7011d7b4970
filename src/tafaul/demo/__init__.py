"""The demonstration: everything on one machine, with citizens who write and colleagues who answer."""

from tafaul.demo.run import Demo

__all__ = ["Demo"]
