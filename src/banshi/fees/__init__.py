"""Fees of cases: charged only by the guide's list, paid through a gateway or at the window, receipted, refunded."""
