"""`banshi demo`: a small fictional city, built by the real actions from data/demo, with a real catalogue beside it."""

from banshi.command.demo.start import demo

__all__ = ["demo"]
