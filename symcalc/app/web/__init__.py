"""The explorer: a page served on this machine, whose formulas are derived in processes that can be killed."""
