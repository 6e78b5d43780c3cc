"""What a mail may command: an agent's lines that begin with `!`, a customer's `status #12`."""
