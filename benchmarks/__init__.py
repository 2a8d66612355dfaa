"""Measurements: a deterministic generator, what the product is compared with, and the gates it must meet.

Ratios within one run are what counts: absolute times say more about the machine than about Remit.
"""
