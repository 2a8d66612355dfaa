"""A throw-away app whose doors leak, one way at a time, to prove that the round finds each; and its honest twin."""
