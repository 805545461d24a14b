"""The registers, each a module found by its being here."""

from importlib import import_module
from pkgutil import iter_modules

from banshi.sites.workbench.registers.register import Register

found = [import_module(f"{__name__}.{module.name}").REGISTER for module in iter_modules(__path__)]
REGISTERS: tuple[Register, ...] = tuple(sorted(found, key=lambda register: register.order))
