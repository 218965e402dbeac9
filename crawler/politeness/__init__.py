"""What newsrooms may expect of us: their rules, their pace, and no address that is not theirs."""
